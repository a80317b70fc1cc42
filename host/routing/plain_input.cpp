// Sorts what was given to the fields and writes them in the order of their names.
#include "routing/plain_input.hpp"

#include <algorithm>
#include <berth/json_text.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

namespace berth::routing {

using loader::Keywords;
using nlohmann::json;

namespace {

// Printable ASCII that is the same in JSON, and in a query stands for itself.
bool is_plain(std::string_view text) {
  return detail::plain_size(text.data(), text.data() + text.size()) == text.size();
}
bool is_itself(std::string_view text) {
  return is_plain(text) && text.find('%') == std::string_view::npos && text.find('+') == std::string_view::npos;
}

}  // namespace

PlainInput::PlainInput(const loader::Schema& schema) {
  auto flat = schema.flat();
  if (!flat) return;
  for (auto& says : *flat) {
    if (!is_plain(says.name)) return;
    const bool simple_list = !says.list || (!says.own->unique && !says.own->values);
    if (!simple_list) return;
    Field field{"\"" + says.name + "\":", std::move(says)};
    field.any = field.says.own->asks_type_alone();
    field.any_item = !field.says.item || field.says.item->asks_type_alone();
    m_fields.push_back(std::move(field));
  }
  m_usable = true;
}

const PlainInput::Field* PlainInput::find(std::string_view name) const {
  const auto found =
      std::find_if(m_fields.begin(), m_fields.end(), [&](const Field& f) { return f.says.name == name; });
  return found == m_fields.end() ? nullptr : &*found;
}

std::optional<std::string> PlainInput::text(const std::vector<std::pair<std::string, std::string>>& path_parameters,
                                            std::string_view query) const {
  if (!m_usable) return std::nullopt;
  Gathered given;
  for (const auto& [name, value] : path_parameters) {
    if (!gather(name, value, given)) return std::nullopt;
  }
  if (!is_itself(query) || !gather_query(query, given)) return std::nullopt;
  std::string text = "{";
  text.reserve(query.size() + 16 * given.count + 64);
  for (const auto& field : m_fields) {
    if (!write(field, given, text)) return std::nullopt;
  }
  text += '}';
  return text;
}

bool PlainInput::gather(std::string_view name, std::string_view value, Gathered& to) const {
  const Field* field = find(name);
  if (!field || to.count == most_given || !is_plain(value)) return false;
  to.all[to.count++] = {field, value};
  return true;
}

bool PlainInput::gather_query(std::string_view query, Gathered& to) const {
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) return false;
    if (!gather(part.substr(0, equals), part.substr(equals + 1), to)) return false;
  }
  return true;
}

bool PlainInput::write(const Field& field, const Gathered& from, std::string& to) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < from.count; ++i) {
    const auto& [meant, value] = from.all[i];
    if (meant != &field) continue;
    const bool first = ++count == 1;
    if (first && to.size() > 1) to += ',';
    if (first) to += field.opening;
    if (field.says.list) to += first ? '[' : ',';
    if (!field.says.list && !first) return false;  // given twice
    if (!write_value(field, value, to)) return false;
  }
  if (count == 0) return !field.says.required;
  if (!field.says.list) return true;
  to += ']';
  return field.says.own->items.holds(count);
}

bool PlainInput::write_value(const Field& field, std::string_view value, std::string& to) {
  const bool list = field.says.list;
  if (list && (value.starts_with('[') || value.starts_with('{'))) return false;  // perhaps all of it, as JSON
  const bool any = list ? field.any_item : field.any;
  const Keywords& says = list ? *field.says.item : *field.says.own;
  if (field.says.type == Keywords::string) {
    if (!any && !says.fits(json(std::string(value)))) return false;
    to += '"';
    to += value;
    to += '"';
    return true;
  }
  if (field.says.type == Keywords::integer) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failed != std::errc() || end != value.data() + value.size() || (!any && !says.fits(json(number)))) return false;
    char room[24];
    to.append(room, std::to_chars(room, room + sizeof room, number).ptr);
    return true;
  }
  const bool yes = value == "true" || value == "1", no = value == "false" || value == "0";
  if (field.says.type != Keywords::boolean || (!yes && !no) || (!any && !says.fits(json(yes)))) return false;
  to += yes ? "true" : "false";
  return true;
}

}  // namespace berth::routing

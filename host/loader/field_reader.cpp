// The fields of a manifest, one by one.
#include "loader/field_reader.hpp"

#include <algorithm>

#include "service/text.hpp"

namespace berth::loader {

using nlohmann::json;

namespace {

const json& object_or_empty(const json& from) {
  static const json empty = json::object();
  return from.is_object() ? from : empty;
}

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

FieldReader::FieldReader(const json& from, std::string place, std::string& wrong)
    : m_from(object_or_empty(from)), m_place(std::move(place)), m_wrong(wrong) {
  if (!from.is_object()) refuse("", "must be an object");
}

FieldReader FieldReader::within(const json& from, std::string_view field) const {
  return {from, place_of(field), m_wrong};
}

std::string FieldReader::place_of(std::string_view field) const {
  if (m_place.empty()) return field.empty() ? "the manifest" : std::string(field);
  return field.empty() ? m_place : m_place + "." + std::string(field);
}

void FieldReader::refuse(std::string_view field, std::string_view why) const {
  if (m_wrong.empty()) m_wrong = place_of(field) + ": " + std::string(why);
}

void FieldReader::only(const std::vector<std::string>& known) const {
  for (const auto& [key, value] : m_from.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const auto near = service::near_names(key, known, 1);
    refuse("", "unknown field " + service::json_quote(key.substr(0, 60)) +
                   (near.empty() ? "" : "; did you mean \"" + near.front() + "\"?"));
  }
}

const json* FieldReader::find(const char* field) const {
  const auto found = m_from.find(field);
  return found == m_from.end() ? nullptr : &*found;
}

std::string FieldReader::text(const char* field, std::size_t most) const {
  const json* found = find(field);
  if (!found) {
    refuse(field, "is missing");
    return {};
  }
  std::string value = text_or_none(field, most);
  if (found->is_string() && value.empty()) refuse(field, "is empty");
  if (has_control(value)) refuse(field, "must be one line");
  return value;
}

std::string FieldReader::text_or_none(const char* field, std::size_t most) const {
  const json* found = find(field);
  if (!found) return {};
  if (!found->is_string()) {
    refuse(field, "must be a string");
    return {};
  }
  const auto& value = found->get_ref<const std::string&>();
  if (value.size() > most) refuse(field, "is longer than " + std::to_string(most) + " bytes");
  return value;
}

bool FieldReader::flag(const char* field) const {
  const json* found = find(field);
  if (found && !found->is_boolean()) refuse(field, "must be true or false");
  return found && found->is_boolean() && found->get<bool>();
}

std::uint64_t FieldReader::size(const char* field) const {
  const json* found = find(field);
  if (!found) return 0;
  if (!found->is_number_unsigned()) {
    refuse(field, "must be a number of bytes");
    return 0;
  }
  return found->get<std::uint64_t>();
}

const json::array_t& FieldReader::list(const char* field, std::size_t most) const {
  static const json::array_t empty;
  const json* found = find(field);
  if (!found) return empty;
  if (found->is_array() && found->size() <= most) return found->get_ref<const json::array_t&>();
  refuse(field, "must be a list of at most " + std::to_string(most));
  return empty;
}

std::vector<std::string> FieldReader::texts(const char* field, std::size_t most, std::size_t most_bytes) const {
  std::vector<std::string> all;
  for (const json& one : list(field, most)) {
    const auto* value = one.get_ptr<const std::string*>();
    const bool fine = value && !value->empty() && value->size() <= most_bytes && !has_control(*value);
    if (!fine)
      refuse(field, "must be a list of short strings");
    else
      all.push_back(*value);
  }
  return all;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace berth::loader

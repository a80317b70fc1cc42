// Checks one value against the keywords that look at it alone.
#include "loader/schema/keywords.hpp"

#include <algorithm>
#include <cmath>

namespace berth::loader {

using nlohmann::json;

namespace {

unsigned type_of(const json& value) {
  switch (value.type()) {
    case json::value_t::null: return Keywords::null;
    case json::value_t::boolean: return Keywords::boolean;
    case json::value_t::number_integer:
    case json::value_t::number_unsigned: return Keywords::integer | Keywords::number;
    case json::value_t::number_float: {  // 1.0 is a whole number, as JSON Schema has it
      const double number = value.get<double>();
      return number == std::floor(number) && std::isfinite(number) ? Keywords::integer | Keywords::number
                                                                   : Keywords::number;
    }
    case json::value_t::string: return Keywords::string;
    case json::value_t::array: return Keywords::array;
    case json::value_t::object: return Keywords::object;
    default: return 0;
  }
}

std::uint64_t characters(const std::string& text) {
  return static_cast<std::uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// Below, equal or above: as whole numbers where both are, so that no digit is lost.
int compare(const json& a, const json& b) {
  if (a.is_number_integer() && b.is_number_integer()) {
    const auto x = a.get<std::int64_t>(), y = b.get<std::int64_t>();
    return x < y ? -1 : x > y ? 1 : 0;
  }
  const double x = a.get<double>(), y = b.get<double>();
  return x < y ? -1 : x > y ? 1 : 0;
}

bool is_multiple(const json& value, const json& of) {
  if (value.is_number_integer() && of.is_number_integer())
    return value.get<std::int64_t>() % of.get<std::int64_t>() == 0;
  const double times = value.get<double>() / of.get<double>();
  return std::isfinite(times) && std::abs(times - std::round(times)) <= 1e-9 * std::max(1.0, std::abs(times));
}

// By their text: comparing each with each would take hours on a long array.
bool all_differ(const json& array) {
  std::vector<std::string> texts;
  texts.reserve(array.size());
  for (const auto& item : array) texts.push_back(item.dump(-1, ' ', false, json::error_handler_t::replace));
  std::sort(texts.begin(), texts.end());
  return std::adjacent_find(texts.begin(), texts.end()) == texts.end();
}

}  // namespace

bool Keywords::idle() const { return types == 0 && asks_type_alone(); }

bool Keywords::asks_type_alone() const {
  const auto open = [](const Span& span) { return !span.least && !span.most; };
  return !never && !values && !minimum && !maximum && multiple_of.is_null() && open(length) && open(items) &&
         open(fields) && !unique && !pattern && !format;
}

bool Keywords::fits(const json& value) const {
  if (never || !fits_type(value)) return false;
  if (values && std::find(values->begin(), values->end(), value) == values->end()) return false;
  if (value.is_number()) return fits_number(value);
  if (value.is_string()) return fits_string(value.get_ref<const std::string&>());
  if (value.is_array()) return fits_array(value);
  return !value.is_object() || fields.holds(value.size());
}

bool Keywords::fits_type(const json& value) const { return types == 0 || (types & type_of(value)) != 0; }

bool Keywords::fits_number(const json& value) const {
  if (minimum && compare(value, minimum->value) < (minimum->exclusive ? 1 : 0)) return false;
  if (maximum && compare(value, maximum->value) > (maximum->exclusive ? -1 : 0)) return false;
  return multiple_of.is_null() || is_multiple(value, multiple_of);
}

bool Keywords::fits_string(const std::string& value) const {
  if ((length.least || length.most) && !length.holds(characters(value))) return false;
  if (format && !fits_format(*format, value)) return false;
  return !pattern || pattern->matches(value);
}

bool Keywords::fits_array(const json& value) const {
  return items.holds(value.size()) && (!unique || all_differ(value));
}

}  // namespace berth::loader

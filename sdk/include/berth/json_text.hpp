// JSON values as text, written straight into one string: what Json::dump() does with a dozen allocations and the
// machine's locale. Bytes that are not UTF-8 become U+FFFD. The host writes its own JSON with this, too.
#ifndef BERTH_JSON_TEXT_HPP
#define BERTH_JSON_TEXT_HPP

#include <charconv>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace berth {
namespace detail {

// How many bytes the UTF-8 character takes that `text` begins with; 0: it begins with none.
inline std::size_t character_size(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xc0u) == 0x80u; };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !follows(1)) return 0;
  if (first < 0xe0) return 2;
  if (!follows(2)) return 0;
  if (first < 0xf0) return (first == 0xe0 && at(1) < 0xa0) || (first == 0xed && at(1) > 0x9f) ? 0 : 3;
  return (first == 0xf0 && at(1) < 0x90) || (first == 0xf4 && at(1) > 0x8f) || !follows(3) ? 0 : 4;
}

inline void append_escaped(std::string& to, char c) {
  static constexpr char digits[] = "0123456789abcdef";
  static constexpr std::string_view plain = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  const auto which = plain.find(c);
  if (which != std::string_view::npos) {
    to += '\\';
    to += letters[which];
    return;
  }
  to += "\\u00";
  to += digits[(static_cast<unsigned char>(c) >> 4) & 15];
  to += digits[c & 15];
}

inline void append_string(std::string& to, std::string_view text) {
  to += '"';
  std::size_t begin = 0;  // of what is copied in one go
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
      ++at;
      continue;
    }
    const std::size_t size = c < 0x80 ? 0 : character_size(text.substr(at));
    if (size > 0) {
      at += size;
      continue;
    }
    to.append(text, begin, at - begin);
    if (c < 0x80)
      append_escaped(to, text[at]);
    else
      to += "\xef\xbf\xbd";
    begin = ++at;
  }
  to.append(text, begin, text.size() - begin);
  to += '"';
}

template <class Number>
void append_number(std::string& to, Number number) {
  char room[32];
  const auto end = std::to_chars(room, room + sizeof room, number).ptr;
  to.append(room, end);
}

// With a point or an exponent, so that it comes back as the same type.
inline void append_real(std::string& to, double number) {
  if (!std::isfinite(number)) {
    to += "null";
    return;
  }
  const std::size_t begin = to.size();
  append_number(to, number);
  if (to.find_first_of(".e", begin) == std::string::npos) to += ".0";
}

inline void append_json(std::string& to, const nlohmann::json& json) {
  using Type = nlohmann::json::value_t;
  char before = '[';
  switch (json.type()) {
    case Type::null: to += "null"; return;
    case Type::boolean: to += json.get<bool>() ? "true" : "false"; return;
    case Type::number_integer: return append_number(to, json.get<std::int64_t>());
    case Type::number_unsigned: return append_number(to, json.get<std::uint64_t>());
    case Type::number_float: return append_real(to, json.get<double>());
    case Type::string: return append_string(to, json.get_ref<const std::string&>());
    case Type::array:
      for (const auto& item : json.get_ref<const nlohmann::json::array_t&>()) {
        to += std::exchange(before, ',');
        append_json(to, item);
      }
      to += json.empty() ? "[]" : "]";
      return;
    case Type::object:
      before = '{';
      for (const auto& [name, value] : json.get_ref<const nlohmann::json::object_t&>()) {
        to += std::exchange(before, ',');
        append_string(to, name);
        to += ':';
        append_json(to, value);
      }
      to += json.empty() ? "{}" : "}";
      return;
    default: to += json.dump();
  }
}

}  // namespace detail

inline std::string json_text(const nlohmann::json& json) {
  std::string text;
  text.reserve(240);
  detail::append_json(text, json);
  return text;
}

}  // namespace berth

#endif

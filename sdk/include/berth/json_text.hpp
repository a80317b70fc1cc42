// JSON values as text, written straight into one string: what Json::dump() does with a dozen allocations and the
// machine's locale. Bytes that are not UTF-8 become U+FFFD. The host writes its own JSON with this, too.
#ifndef BERTH_JSON_TEXT_HPP
#define BERTH_JSON_TEXT_HPP

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

// How many bytes from the start on may stand in a JSON string as they are: printable ASCII but for the quote and the
// backslash. Eight are looked at in one go.
inline std::size_t plain_size(const char* begin, const char* end) {
  constexpr std::uint64_t ones = 0x0101010101010101u, tops = 0x80u * ones;
  const auto has_zero = [](std::uint64_t eight) { return (eight - ones) & ~eight & tops; };
  const char* at = begin;
  for (; end - at >= 8; at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    const std::uint64_t low = (eight - 0x20u * ones) & ~eight & tops;
    if ((low | (eight & tops) | has_zero(eight ^ ('"' * ones)) | has_zero(eight ^ ('\\' * ones))) != 0) break;
  }
  while (at < end && static_cast<unsigned char>(*at) >= 0x20 && static_cast<unsigned char>(*at) < 0x80 && *at != '"' &&
         *at != '\\')
    ++at;
  return static_cast<std::size_t>(at - begin);
}

// Gathers what is written in a room of its own and hands it on in large pieces: most values are small, and a string
// that grows by single characters costs more than they do.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& to) : m_to(to) {}
  JsonWriter(const JsonWriter&) = delete;
  ~JsonWriter() { m_to.append(m_room, m_used); }

  void value(const nlohmann::json& json) {
    using Type = nlohmann::json::value_t;
    switch (json.type()) {
      case Type::null: return put("null");
      case Type::boolean: return put(json.get<bool>() ? "true" : "false");
      case Type::number_integer: return number(json.get<std::int64_t>());
      case Type::number_unsigned: return number(json.get<std::uint64_t>());
      case Type::number_float: return real(json.get<double>());
      case Type::string: return string(json.get_ref<const std::string&>());
      case Type::array: return array(json.get_ref<const nlohmann::json::array_t&>());
      case Type::object: return object(json.get_ref<const nlohmann::json::object_t&>());
      default: put(json.dump());
    }
  }

 private:
  void put(char c) {
    if (m_used == sizeof m_room) make_room();
    m_room[m_used++] = c;
  }
  void put(std::string_view text) {
    if (text.size() > sizeof m_room - m_used) {
      make_room();
      if (text.size() > sizeof m_room) {
        m_to += text;
        return;
      }
    }
    std::memcpy(m_room + m_used, text.data(), text.size());
    m_used += text.size();
  }
  void make_room() {
    m_to.append(m_room, m_used);
    m_used = 0;
  }

  void array(const nlohmann::json::array_t& items) {
    put('[');
    bool first = true;
    for (const auto& item : items) {
      if (!std::exchange(first, false)) put(',');
      value(item);
    }
    put(']');
  }
  void object(const nlohmann::json::object_t& fields) {
    put('{');
    bool first = true;
    for (const auto& [name, field] : fields) {
      if (!std::exchange(first, false)) put(',');
      string(name);
      put(':');
      value(field);
    }
    put('}');
  }

  void string(std::string_view text) {
    put('"');
    while (!text.empty()) {
      const std::size_t plain = plain_size(text.data(), text.data() + text.size());
      put(text.substr(0, plain));
      text.remove_prefix(plain);
      if (!text.empty()) text.remove_prefix(other(text));
    }
    put('"');
  }
  // The character that `text` begins with, which cannot stand as it is, or perhaps not; how many bytes it took.
  std::size_t other(std::string_view text) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      escaped(text[0]);
      return 1;
    }
    const std::size_t size = character_size(text);
    put(size > 0 ? text.substr(0, size) : std::string_view("\xef\xbf\xbd"));
    return size > 0 ? size : 1;
  }
  void escaped(char c) {
    static constexpr char digits[] = "0123456789abcdef";
    static constexpr std::string_view plain = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    const auto which = plain.find(c);
    put('\\');
    if (which != std::string_view::npos) return put(letters[which]);
    put("u00");
    put(digits[(static_cast<unsigned char>(c) >> 4) & 15]);
    put(digits[c & 15]);
  }

  template <class Number>
  void number(Number number) {
    char room[32];
    put({room, static_cast<std::size_t>(std::to_chars(room, room + sizeof room, number).ptr - room)});
  }
  // With a point or an exponent, so that it comes back as the same type.
  void real(double number) {
    if (!std::isfinite(number)) return put("null");
    char room[32];
    const std::string_view text(room,
                                static_cast<std::size_t>(std::to_chars(room, room + sizeof room, number).ptr - room));
    put(text);
    if (text.find_first_of(".e") == std::string_view::npos) put(".0");
  }

  std::string& m_to;
  std::size_t m_used = 0;
  char m_room[504];
};

}  // namespace detail

inline std::string json_text(const nlohmann::json& json) {
  std::string text;
  detail::JsonWriter(text).value(json);
  return text;
}

}  // namespace berth

#endif

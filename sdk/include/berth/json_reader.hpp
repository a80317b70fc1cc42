// JSON text to a value, in one pass and without a lexer's buffers: several times quicker than Json::parse(). It takes
// what is certainly good JSON and says nothing of the rest: ask Json::parse() what is wrong there.
#ifndef BERTH_JSON_READER_HPP
#define BERTH_JSON_READER_HPP

#include <berth/json_text.hpp>

#include <cstdint>
#include <optional>

namespace berth {
namespace detail {

class JsonReader {
 public:
  JsonReader(std::string_view text, unsigned most_levels)
      : m_at(text.data()), m_end(text.data() + text.size()), m_levels(most_levels) {}

  bool read(nlohmann::json& to) {
    if (!value(to)) return false;
    skip_space();
    return m_at == m_end;
  }

 private:
  void skip_space() {
    while (m_at < m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t')) ++m_at;
  }
  bool take(char c) {
    skip_space();
    if (m_at == m_end || *m_at != c) return false;
    ++m_at;
    return true;
  }
  bool word(std::string_view all, nlohmann::json& to, nlohmann::json meant) {
    if (static_cast<std::size_t>(m_end - m_at) < all.size() || std::string_view(m_at, all.size()) != all) return false;
    m_at += all.size();
    to = std::move(meant);
    return true;
  }

  bool value(nlohmann::json& to) {
    skip_space();
    if (m_at == m_end) return false;
    switch (*m_at) {
      case '{': return nested(&JsonReader::object, to);
      case '[': return nested(&JsonReader::array, to);
      case '"': {
        to = nlohmann::json(nlohmann::json::value_t::string);
        return string(to.get_ref<std::string&>());
      }
      case 't': return word("true", to, true);
      case 'f': return word("false", to, false);
      case 'n': return word("null", to, nullptr);
      default: return number(to);
    }
  }

  bool nested(bool (JsonReader::*inner)(nlohmann::json&), nlohmann::json& to) {
    if (m_levels == 0) return false;
    --m_levels;
    ++m_at;
    const bool good = (this->*inner)(to);
    ++m_levels;
    return good;
  }

  bool object(nlohmann::json& to) {
    to = nlohmann::json(nlohmann::json::value_t::object);
    auto& all = to.get_ref<nlohmann::json::object_t&>();
    if (take('}')) return true;
    std::string name;
    do {
      if (!take('"')) return false;
      --m_at;
      name.clear();
      if (!string(name) || !take(':')) return false;
      const std::size_t before = all.size();
      const auto place = all.emplace_hint(all.end(), std::move(name), nullptr);
      if (all.size() == before || !value(place->second)) return false;  // a name that stands there twice
    } while (take(','));
    return take('}');
  }

  bool array(nlohmann::json& to) {
    to = nlohmann::json(nlohmann::json::value_t::array);
    auto& all = to.get_ref<nlohmann::json::array_t&>();
    if (take(']')) return true;
    all.reserve(4);
    do {
      all.emplace_back();
      if (!value(all.back())) return false;
    } while (take(','));
    return take(']');
  }

  // From the quote on.
  bool string(std::string& to) {
    for (const char* begin = ++m_at; m_at < m_end;) {
      m_at += plain_size(m_at, m_end);
      if (m_at == m_end) return false;
      const auto c = static_cast<unsigned char>(*m_at);
      if (c >= 0x80) {
        const std::size_t size = character_size(std::string_view(m_at, static_cast<std::size_t>(m_end - m_at)));
        if (size == 0) return false;
        m_at += size;
        continue;
      }
      to.append(begin, m_at);
      if (c == '"') {
        ++m_at;
        return true;
      }
      if (c < 0x20 || !escape(to)) return false;
      begin = m_at;
    }
    return false;
  }

  bool escape(std::string& to) {
    static constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    if (m_end - m_at < 2) return false;
    const char letter = m_at[1];
    m_at += 2;
    if (letter == 'u') return code_point(to);
    const auto which = letters.find(letter);
    if (which == std::string_view::npos) return false;
    to += meant[which];
    return true;
  }

  std::optional<std::uint32_t> four_digits() {
    std::uint32_t code = 0;
    if (m_end - m_at < 4) return std::nullopt;
    const auto [end, failed] = std::from_chars(m_at, m_at + 4, code, 16);
    if (failed != std::errc() || end != m_at + 4) return std::nullopt;
    m_at = end;
    return code;
  }

  bool code_point(std::string& to) {
    const auto first = four_digits();
    if (!first || (*first >= 0xdc00 && *first <= 0xdfff)) return false;
    std::uint32_t code = *first;
    if (code >= 0xd800 && code <= 0xdbff) {
      if (m_end - m_at < 2 || m_at[0] != '\\' || m_at[1] != 'u') return false;
      m_at += 2;
      const auto second = four_digits();
      if (!second || *second < 0xdc00 || *second > 0xdfff) return false;
      code = 0x10000 + ((code - 0xd800) << 10) + (*second - 0xdc00);
    }
    append_utf8(to, code);
    return true;
  }

  static void append_utf8(std::string& to, std::uint32_t code) {
    const auto byte = [&to](std::uint32_t bits) { to += static_cast<char>(bits); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
      byte(0xc0 | (code >> 6));
    } else if (code < 0x10000) {
      byte(0xe0 | (code >> 12));
      byte(0x80 | ((code >> 6) & 0x3f));
    } else {
      byte(0xf0 | (code >> 18));
      byte(0x80 | ((code >> 12) & 0x3f));
      byte(0x80 | ((code >> 6) & 0x3f));
    }
    byte(0x80 | (code & 0x3f));
  }

  // True if there was at least one.
  bool digits() {
    const char* begin = m_at;
    while (m_at < m_end && *m_at >= '0' && *m_at <= '9') ++m_at;
    return m_at > begin;
  }

  bool number(nlohmann::json& to) {
    const char* begin = m_at;
    const bool negative = *m_at == '-';
    if (negative) ++m_at;
    const bool zero = m_at < m_end && *m_at == '0';
    const char* first = m_at;
    if (!digits() || (zero && m_at - first > 1)) return false;
    bool real = false;
    if (m_at < m_end && *m_at == '.') {
      real = true;
      ++m_at;
      if (!digits()) return false;
    }
    if (m_at < m_end && (*m_at == 'e' || *m_at == 'E')) {
      real = true;
      ++m_at;
      if (m_at < m_end && (*m_at == '+' || *m_at == '-')) ++m_at;
      if (!digits()) return false;
    }
    if (!real && negative) return exact<std::int64_t>(begin, to) || exact<double>(begin, to);
    if (!real) return exact<std::uint64_t>(begin, to) || exact<double>(begin, to);
    return exact<double>(begin, to);
  }

  template <class Number>
  bool exact(const char* begin, nlohmann::json& to) const {
    Number number{};
    if (std::from_chars(begin, m_at, number).ec != std::errc()) return false;
    to = number;
    return true;
  }

  const char* m_at;
  const char* const m_end;
  unsigned m_levels;
};

}  // namespace detail

// Null if the text is not JSON, has a name twice in one object, is nested deeper, or holds a number beyond a double.
inline std::optional<nlohmann::json> read_json(std::string_view text, unsigned most_levels = 64) {
  nlohmann::json value;
  if (!detail::JsonReader(text, most_levels).read(value)) return std::nullopt;
  return value;
}

// Ends a value by walking it. Its own destructor first makes lists of all that is within, so that no depth can overflow
// the stack, and costs as much as reading did; what was read or written by us is of no such depth.
inline void discard(nlohmann::json& value) {
  const auto within = [](nlohmann::json& one) {
    if (one.is_structured()) discard(one);
  };
  if (value.is_array()) {
    auto& items = value.get_ref<nlohmann::json::array_t&>();
    for (auto& item : items) within(item);
    items.clear();
  } else if (value.is_object()) {
    auto& fields = value.get_ref<nlohmann::json::object_t&>();
    for (auto& field : fields) within(field.second);
    fields.clear();
  }
}

}  // namespace berth

#endif

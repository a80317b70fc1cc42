// Text as it comes from strangers: is it UTF-8, how is it quoted, does it match. Lines of the log and of the audit are
// built with append_json for each request, so runs of harmless bytes are copied in one go.
#include "service/text.hpp"

#include <berth/json_text.hpp>

namespace berth::service {
namespace {

unsigned char byte(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (byte(text, at) & 0xc0) == 0x80;
}

void append_escape(std::string& to, unsigned char c) {
  static constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"': to += "\\\""; return;
    case '\\': to += "\\\\"; return;
    case '\n': to += "\\n"; return;
    case '\r': to += "\\r"; return;
    case '\t': to += "\\t"; return;
    case '\b': to += "\\b"; return;
    case '\f': to += "\\f"; return;
    default: break;
  }
  to += "\\u00";
  to += digits[c >> 4];
  to += digits[c & 15];
}

// Appends the character that `text` begins with and returns how many bytes it took. U+0080 to U+009F are escaped too:
// some terminals obey them.
std::size_t append_character(std::string& to, std::string_view text) {
  const std::size_t length = utf8_length(text);
  if (length == 0) {
    to += "\xef\xbf\xbd";
    return 1;
  }
  if (length == 1) {
    append_escape(to, byte(text, 0));
  } else if (length == 2 && byte(text, 0) == 0xc2 && byte(text, 1) < 0xa0) {
    append_escape(to, byte(text, 1));
  } else {
    to.append(text.substr(0, length));
  }
  return length;
}

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const unsigned char first = byte(text, 0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !is_continuation(text, 1)) return 0;
  if (first < 0xe0) return 2;
  const unsigned char second = byte(text, 1);
  if (!is_continuation(text, 2)) return 0;
  if (first < 0xf0) {
    const bool overlong = first == 0xe0 && second < 0xa0;
    const bool surrogate = first == 0xed && second > 0x9f;
    return overlong || surrogate ? 0 : 3;
  }
  const bool overlong = first == 0xf0 && second < 0x90;
  const bool too_large = first == 0xf4 && second > 0x8f;
  return overlong || too_large || !is_continuation(text, 3) ? 0 : 4;
}

bool valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (byte(text, at) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

bool is_token(std::string_view text) {
  constexpr const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_!#$%&'*+.^`|~";
  return !text.empty() && text.find_first_not_of(letters) == text.npos;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool equal_fold(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && fold(a[i]) != fold(b[i])) return false;
  }
  return true;
}

// Greedy, with one way back: to the last star. At worst |pattern| * |text| steps.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, after_star = std::string_view::npos, retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      retry = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (after_star != std::string_view::npos) {
      p = after_star;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

void append_json(std::string& to, std::string_view text) {
  to += '"';
  std::size_t at = 0;
  while (at < text.size()) {
    std::string_view run = text.substr(at, detail::plain_size(text.data() + at, text.data() + text.size()));
    run = run.substr(0, run.find('\x7f'));
    to.append(run);
    at += run.size();
    if (at < text.size()) at += append_character(to, text.substr(at));
  }
  to += '"';
}

std::string json_quote(std::string_view text) {
  std::string quoted;
  quoted.reserve(text.size() + 2);
  append_json(quoted, text);
  return quoted;
}

}  // namespace berth::service

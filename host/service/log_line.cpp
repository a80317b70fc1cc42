// The two spellings of a log line. Texts may come from strangers, so each leaves here quoted or with what could steer a
// terminal spelled out. A JSON line is made for each request, hence no streams and no temporary strings.
#include "service/log_line.hpp"

#include <algorithm>
#include <ctime>

#include "service/text.hpp"

namespace berth::service {
namespace {

// JSON text may hold line breaks between its parts, a line of the log may not. Other controls can only stand inside of
// a string, where an escape means the same.
void append_raw(std::string& to, std::string_view json) {
  if (json.empty()) to += "null";
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto c = static_cast<unsigned char>(json[i]);
    const auto next = i + 1 < json.size() ? static_cast<unsigned char>(json[i + 1]) : 0u;
    if (c < 0x20) {
      to += ' ';
    } else if (c == 0x7f) {
      to += "\\u007f";
    } else if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
      to += next < 0x90 ? "\\u008" : "\\u009";
      to += "0123456789abcdef"[next & 15];
      ++i;
    } else {
      to += json[i];
    }
  }
}

void append_code(std::string& to, unsigned code) {
  static constexpr char digits[] = "0123456789abcdef";
  to += code < 0x100 ? "\\x" : "\\u";
  for (int shift = code < 0x100 ? 4 : 12; shift >= 0; shift -= 4) to += digits[code >> shift & 15];
}

// What must not reach a terminal as it is: controls, C1 controls, line separators, and marks that change the direction.
bool steers(unsigned code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

// The number of the character, as far as steers() cares: four-byte characters are all harmless.
unsigned code_of(std::string_view character) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(character[i])); };
  switch (character.size()) {
    case 1: return at(0);
    case 2: return (at(0) & 0x1f) << 6 | (at(1) & 0x3f);
    case 3: return (at(0) & 0x0f) << 12 | (at(1) & 0x3f) << 6 | (at(2) & 0x3f);
    default: return 0x10000;
  }
}

void append_safely(std::string& to, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    const std::string_view character = text.substr(at, std::max<std::size_t>(length, 1));
    if (length == 0) {
      append_code(to, static_cast<unsigned char>(character[0]));
    } else if (character == "\n") {
      to += "\\n";
    } else if (character == "\t") {
      to += "\\t";
    } else if (const unsigned code = code_of(character); steers(code)) {
      append_code(to, code);
    } else {
      to += character;
    }
    at += character.size();
  }
}

// Quotes only where a reader would otherwise not see where the value ends.
void append_value(std::string& to, std::string_view value) {
  if (!value.empty() && value.find_first_of(" \"=") == std::string_view::npos) {
    append_safely(to, value);
    return;
  }
  to += '"';
  while (!value.empty()) {
    const std::size_t run = std::min(value.find('"'), value.size());
    append_safely(to, value.substr(0, run));
    if (run < value.size()) to += "\\\"";
    value.remove_prefix(std::min(run + 1, value.size()));
  }
  to += '"';
}

void append_local_time(std::string& to, std::chrono::system_clock::time_point at) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(since / 1000);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  char text[24];
  const std::size_t length = std::strftime(text, sizeof text, "%H:%M:%S", &parts);
  to.append(text, length);
  const auto rest = static_cast<unsigned>(since % 1000);
  to += {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
         static_cast<char>('0' + rest % 10)};
}

std::string_view colour_of(Level level) {
  switch (level) {
    case Level::debug: return "\x1b[2m";
    case Level::warn: return "\x1b[33m";
    case Level::error: return "\x1b[31m";
    default: return "\x1b[32m";
  }
}

}  // namespace

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::warn: return "warn";
    case Level::error: return "error";
    default: return "info";
  }
}

void append_json_line(std::string& to, const LogEvent& event, const Log::Fields& fields) {
  to += "{\"time\":\"";
  to += format_time(event.at);
  to += "\",\"level\":\"";
  to += name_of(event.level);
  to += "\",\"who\":";
  append_json(to, event.who);
  to += ",\"message\":";
  append_json(to, event.message);
  for (const Log::Field& field : fields) {
    to += ',';
    append_json(to, field.name);
    to += ':';
    field.raw ? append_raw(to, field.value) : append_json(to, field.value);
  }
  to += "}\n";
}

void append_readable_line(std::string& to, const LogEvent& event, const Log::Fields& fields, bool colour) {
  static constexpr std::string_view dim = "\x1b[2m", plain = "\x1b[0m";
  append_local_time(to, event.at);
  to += ' ';
  if (colour) to += colour_of(event.level);
  to += name_of(event.level);
  if (colour) to += plain;
  to.append(6 - name_of(event.level).size(), ' ');
  append_safely(to, event.who);
  to += "  ";
  append_safely(to, event.message);
  for (const Log::Field& field : fields) {
    to += ' ';
    if (colour) to += dim;
    append_safely(to, field.name);
    to += '=';
    if (colour) to += plain;
    field.raw ? append_safely(to, field.value) : append_value(to, field.value);
  }
  to += '\n';
}

}  // namespace berth::service

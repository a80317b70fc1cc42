// The format's rules for names, escapes and digits.
#include "service/metrics_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "service/text.hpp"

namespace berth::service {

namespace {

void append_escaped(std::string& to, std::string_view text, bool quotes) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    const std::string_view character = length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(at, length);
    if (character == "\\") {
      to += "\\\\";
    } else if (character == "\n") {
      to += "\\n";
    } else if (quotes && character == "\"") {
      to += "\\\"";
    } else {
      to += character;
    }
    at += std::max<std::size_t>(length, 1);
  }
}

}  // namespace

bool is_metric_name(std::string_view text, bool colon) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (colon && c == ':');
  });
}

std::string label_text(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!is_label_name(name)) {
      throw std::logic_error("Not a label's name: \"" + name + "\".");
    }
    if (!text.empty()) text += ',';
    text += name + "=\"";
    append_escaped(text, value, true);
    text += '"';
  }
  return text;
}

std::string number_text(double value) {
  char text[64];
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
  if (error != std::errc{}) end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  return std::string(text, end);
}

void append_sample(std::string& to, std::string_view name, std::string_view suffix, std::string_view labels,
                   const std::string& value) {
  to.append(name).append(suffix);
  if (!labels.empty()) to.append("{").append(labels).append("}");
  to.append(" ").append(value).append("\n");
}

bool is_label_name(std::string_view text) {
  return is_metric_name(text, false) && text != "le" && !text.starts_with("__");
}

void append_heading(std::string& to, std::string_view name, std::string_view help, std::string_view type) {
  to.append("# HELP ").append(name).append(" ");
  append_escaped(to, help, false);
  to.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

}  // namespace berth::service

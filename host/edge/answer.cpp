// Writes status lines and fields.
#include "edge/answer.hpp"

#include <algorithm>
#include <ctime>

#include "routing/problem.hpp"

namespace berth::edge {

AnswerHead::AnswerHead(int status) {
  m_text.reserve(512);
  m_text += "HTTP/1.1 ";
  m_text += std::to_string(status);
  m_text += ' ';
  m_text += routing::reason_of(status);
  m_text += "\r\n";
}

AnswerHead& AnswerHead::field(std::string_view name, std::string_view value) {
  const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  m_text.append(name).append(": ");
  m_text.append(value.begin(), std::find_if(value.begin(), value.end(), breaks));
  m_text += "\r\n";
  return *this;
}

AnswerHead& AnswerHead::field(std::string_view name, std::uint64_t value) {
  return field(name, std::string_view(std::to_string(value)));
}

AnswerHead& AnswerHead::lines(std::string_view whole) {
  m_text += whole;
  return *this;
}

std::string AnswerHead::done() && {
  m_text += "\r\n";
  return std::move(m_text);
}

std::string http_date(std::int64_t unix_seconds) {
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  const auto size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text, size};
}

}  // namespace berth::edge

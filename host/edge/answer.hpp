// The head of an answer, as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::edge {

class AnswerHead {
 public:
  explicit AnswerHead(int status);  // ours is HTTP/1.1, whatever the client's (RFC 9110, 6.2)
  AnswerHead& field(std::string_view name, std::string_view value);  // a value that could break the head is cut there
  AnswerHead& field(std::string_view name, std::uint64_t value);
  AnswerHead& lines(std::string_view whole);  // of ours, each with its end
  std::string done() &&;

 private:
  std::string m_text;
};

std::string http_date(std::int64_t unix_seconds);  // "Fri, 20 Nov 2026 12:00:00 GMT"

}  // namespace berth::edge

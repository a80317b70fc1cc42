// Only what the soak needs of HTTP: a status line, two fields, and a body of a stated length.
#include "answer.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace berth::bench {

namespace {

constexpr std::size_t most_head = 64u << 10;

bool same_word(std::string_view a, std::string_view b) {
  const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return low(x) == low(y); });
}

bool read_number(std::string_view text, std::size_t& value) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc() && end == text.data() + text.size();
}

// Takes status, id and length from a head, given without the empty line behind it.
bool read_head(std::string_view head, Answer& answer, std::size_t& length) {
  std::size_t status = 0;
  if (head.substr(0, 9) != "HTTP/1.1 " || !read_number(head.substr(9, 3), status)) return false;
  answer.status = static_cast<int>(status);
  bool has_length = false;
  for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    if (same_word(line.substr(0, colon), "X-Request-Id")) answer.request_id = value;
    if (same_word(line.substr(0, colon), "Content-Length")) has_length = read_number(value, length);
  }
  return has_length;
}

bool fits(const Question& question, const nlohmann::json& body) {
  switch (question.kind) {
    case Question::Kind::echo: return body == nlohmann::json{{"text", question.nonce}, {"number", question.number}};
    case Question::Kind::get: return body == nlohmann::json{{"name", question.nonce}, {"count", question.number}};
    case Question::Kind::later: return body == nlohmann::json{{"ms", question.number}};
  }
  return false;
}

}  // namespace

Reading read_answer(std::string_view bytes, Answer& answer) {
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos) return bytes.size() > most_head ? Reading::garbage : Reading::more;
  std::size_t length = 0;
  answer = {};
  if (!read_head(bytes.substr(0, head), answer, length)) return Reading::garbage;
  answer.size = head + 4 + length;
  if (bytes.size() < answer.size) return Reading::more;
  answer.body = bytes.substr(head + 4, length);
  return Reading::whole;
}

Verdict judge(const Question& question, const Answer& answer) {
  if (answer.request_id != question.id) return Verdict::wrong;
  if (answer.status != 200) return Verdict::unexpected;
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  return !body.is_discarded() && fits(question, body) ? Verdict::right : Verdict::wrong;
}

}  // namespace berth::bench

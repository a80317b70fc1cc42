// The mixture: small echoes mostly, some lookups, some answers that come late and from another thread, a few big ones.
#include "plan.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace berth::bench {

namespace {

constexpr unsigned sources = 16;
constexpr std::uint64_t most_in_a_row = 6;
constexpr std::uint64_t most_ms = 20;
constexpr std::size_t biggest_text = 256u << 10;
constexpr std::uint64_t numbers = 1'000'000'000;

std::string sixteen_digits(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

// splitmix64: neighbours get nonces that share nothing.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

std::string repeated(const std::string& word, std::size_t size) {
  std::string text;
  text.reserve(size + word.size());
  while (text.size() < size) text += word;
  return text;
}

}  // namespace

Planner::Planner(std::uint64_t seed, std::string host, const std::string& token)
    : m_seed(seed),
      m_fields("Host: " + std::move(host) + "\r\n" + (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n")),
      m_random(seed) {}

Plan Planner::next(std::uint64_t most_questions) {
  Plan plan;
  plan.pipelined = below(4) == 0;
  plan.source = static_cast<unsigned>(below(sources));
  const std::uint64_t count = std::min(1 + below(most_in_a_row), most_questions);
  for (std::uint64_t i = 0; i < count; ++i) plan.questions.push_back(ask());
  plan.pause = std::chrono::microseconds(below(2) == 0 ? 0 : below(5000));
  if (below(2) == 0) plan_leaving(plan);
  return plan;
}

void Planner::plan_leaving(Plan& plan) {
  constexpr Leave moments[] = {Leave::in_request, Leave::after_sending, Leave::after_sending, Leave::in_answer};
  constexpr Way ways[] = {Way::close, Way::reset, Way::half_close};
  plan.leave = moments[below(std::size(moments))];
  plan.way = ways[below(std::size(ways))];
  if (plan.leave == Leave::in_request) plan.cut = 1 + below(plan.questions.back().bytes.size() - 1);
  if (plan.leave == Leave::in_answer) plan.cut = 1 + below(plan.questions.back().nonce.size() + 100);
}

Question Planner::ask() {
  const std::uint64_t number = m_asked++;
  const std::uint64_t nonce = mixed(m_seed ^ mixed(number));
  Question question;
  question.id = "soak-" + std::to_string(m_seed) + "-" + std::to_string(number);
  question.nonce = sixteen_digits(nonce);
  const std::string fields = " HTTP/1.1\r\n" + m_fields + "X-Request-Id: " + question.id + "\r\n";
  const std::uint64_t dice = below(100);
  if (dice < 10) {
    question.kind = Question::Kind::later;
    question.number = below(most_ms + 1);
    question.bytes = "GET /probe/later?ms=" + std::to_string(question.number) + fields + "\r\n";
  } else if (dice < 25) {
    question.kind = Question::Kind::get;
    question.number = 1 + below(10);
    question.bytes = "GET /probe/get/" + question.nonce + "?count=" + std::to_string(question.number) + fields + "\r\n";
  } else {
    question.number = number % numbers;
    if (dice == 99) question.nonce = repeated(question.nonce, 1 + below(biggest_text));
    ask_echo(question, fields);
  }
  return question;
}

void Planner::ask_echo(Question& question, const std::string& fields) {
  const std::string body = "{\"text\":\"" + question.nonce + "\",\"number\":" + std::to_string(question.number) + "}";
  question.bytes = "POST /probe/echo" + fields +
                   "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                   body;
}

}  // namespace berth::bench

// Verdicts by rules, and the token buckets behind rates.
#include "policy/rules.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "service/text.hpp"

namespace berth::policy {

using service::Error;

namespace {
constexpr std::size_t most_buckets = 10'000;
}

Rules::Rules(std::vector<Rule> rules, const service::Clock& clock) : m_clock(clock), m_rules(std::move(rules)) {}

void Rules::replace(std::vector<Rule> rules) {
  const std::lock_guard lock(m_mutex);
  m_rules = std::move(rules);
  m_buckets.clear();
}

std::optional<Error> Rules::before(std::string_view operation, const session::Identity& who, std::string_view) {
  const std::lock_guard lock(m_mutex);
  for (std::size_t i = 0; i < m_rules.size(); ++i) {
    const Rule& rule = m_rules[i];
    if (!service::matches(rule.match, operation)) continue;
    if (!rule.deny.empty()) return Error{403, "denied", rule.deny, "the rule is " + rule.where};
    if (rule.scope && who.scope < *rule.scope) {
      const std::string scope(session::name_of(*rule.scope));
      return Error{403, "forbidden", std::string(operation) + " needs a token of scope " + scope + " here", "the rule is " + rule.where};
    }
    if (rule.per_second <= 0) continue;
    if (auto error = charge(rule, i, who.name)) return error;
  }
  return std::nullopt;
}

// Under the lock.
std::optional<Error> Rules::charge(const Rule& rule, std::size_t index, const std::string& caller) {
  const double room = std::max(1.0, rule.burst);
  const auto now = m_clock.now();
  if (m_buckets.size() >= most_buckets) forget_idle(now);
  auto [at, fresh] = m_buckets.try_emplace(std::to_string(index) + "\n" + caller, Bucket{room, now});
  Bucket& bucket = at->second;
  const double elapsed = std::chrono::duration<double>(now - bucket.at).count();
  bucket.tokens = std::min(room, bucket.tokens + elapsed * rule.per_second);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::nullopt;
  }
  Error error{429, "rate_limited", "this caller has used up its rate", "wait as Retry-After says; the rule is " + rule.where};
  const double wait = std::ceil((1 - bucket.tokens) / rule.per_second);
  error.retry_after = std::chrono::seconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(wait)));
  return error;
}

void Rules::forget_idle(service::Clock::Moment now) {
  std::erase_if(m_buckets, [&](const auto& entry) { return now - entry.second.at > std::chrono::minutes(1); });
  if (m_buckets.size() >= most_buckets) m_buckets.clear();
}

}  // namespace berth::policy

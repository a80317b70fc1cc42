// Verdicts by rules. A call pays for all rates that match or for none: it is charged only once nothing refuses it.
#include "policy/rules.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "service/text.hpp"

namespace berth::policy {
namespace {

using service::Error;

constexpr std::size_t most_buckets = 10'000;
constexpr double longest_wait = 86'400;  // seconds; who is told more would not believe it

double room_of(const Rule& rule) { return std::max(1.0, rule.burst > 0 ? rule.burst : rule.per_second); }

double level(double tokens, service::Clock::Moment since, service::Clock::Moment now, const Rule& rule) {
  const double elapsed = std::max(0.0, std::chrono::duration<double>(now - since).count());
  return std::min(room_of(rule), tokens + elapsed * rule.per_second);
}

std::string named(const Rule& rule) { return rule.where.empty() ? "a rule" : "the rule at " + rule.where; }

Error denied(const Rule& rule, std::string_view operation) {
  return {403, "denied", named(rule) + " denies " + std::string(operation) + ": " + rule.deny,
          "whoever runs this host can change that rule"};
}

Error forbidden(const Rule& rule, std::string_view operation, const session::Identity& who) {
  const std::string needed(session::name_of(*rule.scope)), has(session::name_of(who.scope));
  return {
      403, "forbidden",
      named(rule) + " asks for a token of scope " + needed + " for " + std::string(operation) + "; this one has " + has,
      "use a token of that scope: berth token create NAME --scope " + needed};
}

// A rate as one would say it: "5 such calls a second", "2 such calls a minute".
std::string spoken(double per_second) {
  const bool seconds = per_second >= 1, minutes = !seconds && per_second * 60 >= 1;
  char text[64];
  std::snprintf(text, sizeof text, "%.6g such calls %s",
                per_second * (seconds   ? 1
                              : minutes ? 60
                                        : 3600),
                seconds   ? "a second"
                : minutes ? "a minute"
                          : "an hour");
  return text;
}

Error rate_limited(const Rule& rule, double tokens) {
  const double wait = std::clamp(std::ceil((1 - tokens) / rule.per_second), 1.0, longest_wait);
  Error error{429, "rate_limited", named(rule) + " allows each caller " + spoken(rule.per_second),
              "wait as long as Retry-After says"};
  error.retry_after = std::chrono::seconds(static_cast<std::int64_t>(wait));
  return error;
}

}  // namespace

Rules::Rules(std::vector<Rule> rules, const service::Clock& clock)
    : m_clock(clock), m_any(!rules.empty()), m_rules(std::move(rules)) {}

void Rules::replace(std::vector<Rule> rules) {
  const std::lock_guard lock(m_mutex);
  m_any = !rules.empty();
  m_rules = std::move(rules);
  m_buckets.clear();
}

Rules::Demands Rules::demands(std::string_view operation, session::Scope own) {
  Demands found{own, {}};
  const std::lock_guard lock(m_mutex);
  for (const Rule& rule : m_rules) {
    if (!service::matches(rule.match, operation)) continue;
    if (rule.scope) found.scope = std::max(found.scope, *rule.scope);
    if (found.denied.empty()) found.denied = rule.deny;
  }
  return found;
}

std::optional<Error> Rules::before(std::string_view operation, const session::Identity& who, std::string_view) {
  return verdict(operation, who, 1);
}

std::optional<Error> Rules::foresee(std::string_view operation, const session::Identity& who) {
  return verdict(operation, who, 0);
}

std::optional<Error> Rules::verdict(std::string_view operation, const session::Identity& who, double charge) {
  if (!m_any.load(std::memory_order_relaxed)) return std::nullopt;
  const std::lock_guard lock(m_mutex);
  const auto now = m_clock.now();
  make_room(now);
  std::vector<Bucket*> to_charge;
  for (std::size_t i = 0; i < m_rules.size(); ++i) {
    const Rule& rule = m_rules[i];
    if (!service::matches(rule.match, operation)) continue;
    if (!rule.deny.empty()) return denied(rule, operation);
    if (rule.scope && who.scope < *rule.scope) return forbidden(rule, operation, who);
    if (!(rule.per_second > 0)) continue;
    Bucket& bucket = bucket_of(i, who.name, now);
    if (bucket.tokens < 1) return rate_limited(rule, bucket.tokens);
    to_charge.push_back(&bucket);
  }
  for (Bucket* bucket : to_charge) bucket->tokens -= charge;
  return std::nullopt;
}

// Filled up to now.
Rules::Bucket& Rules::bucket_of(std::size_t index, const std::string& caller, service::Clock::Moment now) {
  const Rule& rule = m_rules[index];
  const auto found = m_buckets.find({index, caller});
  if (found != m_buckets.end()) {
    found->second = {level(found->second.tokens, found->second.at, now, rule), now};
    return found->second;
  }
  return m_buckets.emplace(Place{index, caller}, Bucket{room_of(rule), now}).first->second;
}

// For what one call may add, before it holds on to any bucket. Full buckets are forgotten for nothing: they would be
// made full again. If there are none, those longest unused go.
void Rules::make_room(service::Clock::Moment now) {
  if (m_buckets.size() + m_rules.size() <= most_buckets) return;
  std::erase_if(m_buckets, [&](const auto& entry) {
    const Rule& rule = m_rules[entry.first.first];
    return level(entry.second.tokens, entry.second.at, now, rule) >= room_of(rule);
  });
  while (!m_buckets.empty() && m_buckets.size() + m_rules.size() > most_buckets) {
    m_buckets.erase(std::min_element(m_buckets.begin(), m_buckets.end(),
                                     [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
  }
}

}  // namespace berth::policy

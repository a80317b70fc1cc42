// A bounded memory of answers by key.
#include "edge/idempotency.hpp"

#include <utility>

namespace berth::edge {

using service::Error;

namespace {
constexpr std::size_t largest_kept = 256u << 10;  // a body; of a larger one it is only known that it was
constexpr std::size_t most_bytes = 64u << 20;
}  // namespace

Idempotency::Idempotency(const service::Clock& clock, std::chrono::seconds lives, std::size_t most)
    : m_clock(clock), m_lives(lives), m_most(most) {}

void Idempotency::limit(std::chrono::seconds lives, std::size_t most) {
  m_lives = lives;
  m_most = most;
}

Idempotency::Verdict Idempotency::claim(const std::string& slot, const std::string& print, const std::string& session) {
  trim(m_most);
  const auto at = m_entries.find(slot);
  if (at == m_entries.end()) {
    if (m_entries.size() >= m_most) trim(m_most - 1);
    if (m_entries.size() >= m_most) {
      Error busy{503, "busy", "too many requests with an Idempotency-Key are under way", "send it again later"};
      busy.retry_after = std::chrono::seconds(1);
      return {nullptr, std::move(busy)};
    }
    m_entries.emplace(slot, Entry{print, session, {}, {}});
    return {};
  }
  const Entry& entry = at->second;
  if (entry.print != print) {
    return {nullptr, Error{422, "idempotency_mismatch", "this Idempotency-Key was used for another request",
                           "use a new key for every new request"}};
  }
  if (entry.kept.status == 0) {
    Error busy{409, "idempotency_in_progress", "the first request with this Idempotency-Key still runs",
               "send it again later"};
    busy.retry_after = std::chrono::seconds(1);
    return {nullptr, std::move(busy)};
  }
  if (entry.kept.too_large) {
    return {nullptr, Error{409, "idempotency_answer_gone",
                           "the request with this Idempotency-Key ran; its answer was too large to be kept",
                           "ask for the result in another way"}};
  }
  return {&entry.kept, std::nullopt};
}

void Idempotency::keep(const std::string& slot, Kept kept) {
  const auto at = m_entries.find(slot);
  if (at == m_entries.end()) return;
  if (kept.body.size() > largest_kept) {
    kept.body = {};
    kept.too_large = true;
  }
  m_bytes += kept.body.size();
  at->second.kept = std::move(kept);
  at->second.until = m_clock.now() + m_lives;
  m_answered.push_back(slot);
}

// Of a request that still runs.
void Idempotency::forget(const std::string& slot) {
  const auto at = m_entries.find(slot);
  if (at != m_entries.end() && at->second.kept.status == 0) m_entries.erase(at);
}

void Idempotency::forget_session(const std::string& session) {
  std::erase_if(m_entries, [&](const auto& one) {
    const bool its = one.second.session == session;
    if (its) m_bytes -= one.second.kept.body.size();
    return its;
  });
  std::erase_if(m_answered, [&](const std::string& slot) { return !m_entries.contains(slot); });
}

void Idempotency::trim(std::size_t most) {
  const auto now = m_clock.now();
  while (!m_answered.empty()) {
    const auto at = m_entries.find(m_answered.front());
    if (at == m_entries.end()) {
      m_answered.pop_front();
      continue;
    }
    if (at->second.until >= now && m_entries.size() <= most && m_bytes <= most_bytes) return;
    m_bytes -= at->second.kept.body.size();
    m_entries.erase(at);
    m_answered.pop_front();
  }
}

}  // namespace berth::edge

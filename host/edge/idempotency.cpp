// A bounded memory of answers by key.
#include "edge/idempotency.hpp"

#include <utility>

namespace berth::edge {

using service::Error;

namespace {
constexpr std::size_t largest_kept = 256u << 10;  // larger answers are not kept: their key is free again
}

Idempotency::Idempotency(const service::Clock& clock, std::chrono::seconds lives, std::size_t most)
    : m_clock(clock), m_lives(lives), m_most(most) {}

Idempotency::Verdict Idempotency::claim(const std::string& slot, const std::string& print) {
  trim();
  const auto at = m_by_slot.find(slot);
  if (at == m_by_slot.end()) {
    m_entries.push_back({slot, print, {}, m_clock.now() + m_lives});
    m_by_slot.emplace(slot, std::prev(m_entries.end()));
    return {};
  }
  const Entry& entry = *at->second;
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
  return {&entry.kept, std::nullopt};
}

void Idempotency::keep(const std::string& slot, Kept kept) {
  if (kept.body.size() > largest_kept) return forget(slot);
  const auto at = m_by_slot.find(slot);
  if (at != m_by_slot.end()) at->second->kept = std::move(kept);
}

void Idempotency::forget(const std::string& slot) {
  const auto at = m_by_slot.find(slot);
  if (at == m_by_slot.end()) return;
  m_entries.erase(at->second);
  m_by_slot.erase(at);
}

void Idempotency::trim() {
  const auto now = m_clock.now();
  while (!m_entries.empty() && (m_entries.front().until < now || m_entries.size() >= m_most)) {
    m_by_slot.erase(m_entries.front().slot);
    m_entries.pop_front();
  }
}

}  // namespace berth::edge

// "<stream>-<number>" back to a stream and a number.
#include "edge/parked_streams.hpp"

#include <charconv>

namespace berth::edge {

void ParkedStreams::add(std::shared_ptr<EventFeed> feed, std::string owner) {
  const std::string id = feed->id();
  m_streams[id] = {std::move(feed), std::move(owner), std::nullopt};
}

std::optional<ParkedStreams::Found> ParkedStreams::find(std::string_view last_event_id, std::string_view owner) {
  const auto dash = last_event_id.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view digits = last_event_id.substr(dash + 1);
  std::uint64_t after = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), after);
  if (failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  const auto at = m_streams.find(std::string(last_event_id.substr(0, dash)));
  if (at == m_streams.end() || at->second.owner != owner) return std::nullopt;
  at->second.until.reset();
  return Found{at->second.feed, after};
}

void ParkedStreams::leave(const std::string& id, service::Clock::Moment until) {
  const auto at = m_streams.find(id);
  if (at != m_streams.end()) at->second.until = until;
}

void ParkedStreams::sweep(service::Clock::Moment now) {
  for (auto at = m_streams.begin(); at != m_streams.end();) {
    if (!at->second.until || now < *at->second.until) {
      ++at;
      continue;
    }
    const auto feed = at->second.feed;
    at = m_streams.erase(at);
    feed->cancel();
  }
}

void ParkedStreams::cancel_all() {
  auto streams = std::move(m_streams);
  m_streams.clear();
  for (auto& [id, entry] : streams) entry.feed->cancel();
}

}  // namespace berth::edge

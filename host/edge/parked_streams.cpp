// "<stream>-<number>" back to a stream and a number.
#include "edge/parked_streams.hpp"

#include <charconv>
#include <iterator>
#include <utility>

namespace berth::edge {

namespace {
constexpr std::size_t most_parked_bytes = 64u << 20;  // of streams that are over
}

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
  return Found{at->second.feed, after};
}

void ParkedStreams::unpark(Entry& entry) {
  m_bytes -= std::exchange(entry.bytes, 0);
  entry.until.reset();
}

void ParkedStreams::taken(const std::string& id) {
  const auto at = m_streams.find(id);
  if (at != m_streams.end()) unpark(at->second);
}

void ParkedStreams::leave(const std::string& id, service::Clock::Moment until) {
  const auto at = m_streams.find(id);
  if (at == m_streams.end()) return;
  Entry& entry = at->second;
  unpark(entry);
  entry.until = until;
  count(id, entry);
  make_room();
}

// One that still runs counts as a call instead.
void ParkedStreams::count(const std::string& id, Entry& entry) {
  if (!entry.until || entry.bytes > 0 || !entry.feed->over()) return;
  m_bytes += entry.bytes = entry.feed->bytes();
  m_over.emplace_back(id, *entry.until);
}

// Streams that are over are kept for a convenience of their clients: the oldest make room.
void ParkedStreams::make_room() {
  while (m_bytes > most_parked_bytes && !m_over.empty()) {
    const auto [id, until] = std::move(m_over.front());
    m_over.pop_front();
    const auto at = m_streams.find(id);
    if (at == m_streams.end() || at->second.until != until) continue;
    m_bytes -= at->second.bytes;
    m_streams.erase(at);
  }
}

// The next one. Whoever looks at it is told by its call how it ended.
ParkedStreams::Streams::iterator ParkedStreams::cancel(Streams::iterator at) {
  const auto feed = at->second.feed;
  m_bytes -= at->second.bytes;
  const auto next = m_streams.erase(at);
  if (!feed->view()) feed->cancel();
  return next;
}

void ParkedStreams::sweep(service::Clock::Moment now) {
  while (!m_over.empty() && m_over.front().second <= now) m_over.pop_front();
  for (auto at = m_streams.begin(); at != m_streams.end();) {
    if (!at->second.until || now < *at->second.until) {
      count(at->first, at->second);  // it may have ended since its client left
      ++at;
      continue;
    }
    at = cancel(at);
  }
  make_room();
}

void ParkedStreams::forget_session(const std::string& session) {
  const std::string last = "\n" + session;
  for (auto at = m_streams.begin(); at != m_streams.end();)
    at = at->second.owner.ends_with(last) ? cancel(at) : std::next(at);
}

void ParkedStreams::cancel_left() {
  for (auto& [id, entry] : m_streams) {
    if (entry.until) entry.until = service::Clock::Moment();
  }
  sweep(service::Clock::Moment());
}

void ParkedStreams::cancel_all() {
  auto streams = std::move(m_streams);
  m_streams.clear();
  m_over.clear();
  m_bytes = 0;
  for (auto& [id, entry] : streams) entry.feed->cancel();
}

}  // namespace berth::edge

// Server-sent events: text, numbers, replay.
#include "edge/event_feed.hpp"

#include <numeric>
#include <utility>

#include "routing/problem.hpp"

namespace berth::edge {

EventFeed::EventFeed(std::string id, bool resumable, std::size_t most_kept, std::string instance)
    : m_id(std::move(id)), m_resumable(resumable), m_most_kept(most_kept), m_instance(std::move(instance)) {}

namespace {

void append_line(std::string& out, std::string_view field, std::string_view value) {
  out.append(field).append(": ");
  for (const char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  }
  out += '\n';
}

}  // namespace

std::string event_text(std::string_view id, std::string_view event, std::string_view data) {
  std::string out;
  out.reserve(data.size() + id.size() + event.size() + 32);
  if (!id.empty()) append_line(out, "id", id);
  if (!event.empty()) append_line(out, "event", event);
  do {
    const auto end = data.find_first_of("\r\n");
    append_line(out, "data", data.substr(0, end));
    if (end == std::string_view::npos) break;
    const bool pair = data[end] == '\r' && end + 1 < data.size() && data[end + 1] == '\n';
    data.remove_prefix(end + (pair ? 2 : 1));
  } while (true);
  out += '\n';
  return out;
}

void EventFeed::add(std::string text, std::size_t cost) {
  m_events.push_back({m_next_number++, std::move(text), cost});
  pump();
}

std::string EventFeed::next_id() const { return m_id + "-" + std::to_string(m_next_number); }

// The end is numbered like all before it, so that whoever has seen it can say so and is not sent it again.
void EventFeed::end(std::string_view event, std::string_view data) {
  m_over = true;
  m_call.reset();
  add(event_text(m_resumable ? next_id() : std::string(), event, data), 0);
}

void EventFeed::chunk(loader::Chunk chunk) {
  const bool own_id = !m_resumable && !chunk.id.empty();
  add(event_text(own_id ? chunk.id : next_id(), chunk.event, chunk.bytes), chunk.bytes.size() + 64);
}

void EventFeed::fail(service::Error error) {
  if (m_next_number > 1 || !m_view) return end("berth.problem", routing::problem_json(error, m_instance));
  m_over = true;
  m_call.reset();
  m_view->refuse(std::move(error));
}

void EventFeed::finish(std::uint32_t, std::string) { end("berth.end", "{}"); }

void EventFeed::attach(View* view, std::uint64_t after) {
  m_view = view;
  m_shown = 0;
  m_kept_bytes = 0;
  while (m_shown < m_events.size() && m_events[m_shown].number <= after)
    m_kept_bytes += m_events[m_shown++].text.size();
  const std::uint64_t oldest = m_events.empty() ? m_next_number : m_events.front().number;
  if (after + 1 < oldest) {
    view->show(event_text({}, "berth.gap", "{\"lost\":" + std::to_string(oldest - after - 1) + "}"));
  }
  pump();
}

// Shows what there is room for. What was shown is given back to the call, and kept only if somebody may ask again.
void EventFeed::pump() {
  if (std::exchange(m_pumping, true)) return;
  std::size_t freed = 0;
  while (m_view && m_shown < m_events.size() && m_view->room()) {
    std::string batch;
    while (m_shown < m_events.size() && batch.size() < (16u << 10)) {
      Event& event = m_events[m_shown++];
      batch += event.text;
      m_kept_bytes += event.text.size();
      freed += std::exchange(event.cost, 0);
    }
    m_view->show(std::move(batch));
    trim();
  }
  m_pumping = false;
  const bool all = m_shown == m_events.size();
  if (m_over && all && m_view) std::exchange(m_view, nullptr)->over();
  if (freed > 0 && m_call) m_call->consumed(freed);
}

std::size_t EventFeed::bytes() const {
  return std::accumulate(m_events.begin(), m_events.end(), std::size_t{1024},
                         [](std::size_t sum, const Event& event) { return sum + sizeof event + event.text.size(); });
}

void EventFeed::trim() {
  const std::size_t keep = m_resumable ? m_most_kept : 0;
  while (m_shown > 0 && m_kept_bytes > keep) {
    m_kept_bytes -= m_events.front().text.size();
    m_events.pop_front();
    m_shown--;
  }
}

void EventFeed::cancel() {
  m_over = true;
  m_view = nullptr;
  if (const auto call = std::exchange(m_call, nullptr)) call->cancel();
}

}  // namespace berth::edge

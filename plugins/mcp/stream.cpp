// Events out, no faster than they are read.
#include "stream.hpp"

#include <berth/json_text.hpp>

#include <utility>

namespace mcp {

using berth::Flow;

namespace {
constexpr std::size_t most_kept = 1u << 20;     // bytes, for a client that comes back
constexpr std::size_t most_waiting = 1u << 20;  // bytes: more of notifications is left out
constexpr std::size_t most_unread = 8u << 20;   // bytes: who lets so much lie is let go of
constexpr const char* event_stream = "text/event-stream";
}  // namespace

void Stream::attach(berth::Call call) {
  const auto weak = weak_from_this();
  m_call = call;
  m_full = false;
  const auto id = call.id();
  call.on_drained([weak, &lock = m_lock, id] {
    const std::lock_guard<Lock> held(lock);
    const auto self = weak.lock();
    if (!self || !self->m_call || self->m_call->id() != id) return;
    self->m_full = false;
    self->flush();
  });
  call.on_cancel([weak, &lock = m_lock, call, id] {
    const std::lock_guard<Lock> held(lock);
    call.finish();
    const auto self = weak.lock();
    if (self && self->m_call && self->m_call->id() == id) self->gone();
  });
}

void Stream::gone() {
  m_call.reset();
  m_alone_since = Clock::now();
  m_waiting.clear();
  m_waiting_bytes = 0;
  if (m_when_left) m_when_left();
}

void Stream::resume(berth::Call call, std::uint64_t after) {
  if (auto old = std::exchange(m_call, std::nullopt)) old->finish();
  m_waiting.clear();
  m_waiting_bytes = 0;
  m_opened = false;
  attach(std::move(call));
  open();
  for (const auto& one : m_kept)
    if (one.id > after) give(one.text);
  if (m_ended) finish();
}

void Stream::open() {
  if (m_opened || !m_call) return;
  m_opened = true;
  m_call->begin({event_stream});
  if (m_style.primed && m_last_id == 0) put({});
}

void Stream::send(const Json& message) {
  if (m_ended) return;
  open();
  const bool request = message.contains("id");
  if (!request && m_waiting_bytes > most_waiting) return;
  put(berth::json_text(message));
}

void Stream::event(const std::string& name, const std::string& data) {
  open();
  put(data, name.c_str());
}

void Stream::put(const std::string& data, const char* name) {
  std::string text;
  if (m_style.number > 0) text = "id: " + std::to_string(m_style.number) + "-" + std::to_string(++m_last_id) + "\n";
  if (!data.empty()) text += std::string("event: ") + name + "\n";
  text += "data: " + data + "\n\n";
  if (m_style.number > 0) {
    m_kept_bytes += text.size();
    m_kept.push_back({m_last_id, text});
    while (m_kept.size() > 1 && m_kept_bytes > most_kept) {
      m_kept_bytes -= m_kept.front().text.size();
      m_kept.pop_front();
    }
  }
  give(std::move(text));
}

void Stream::give(std::string text) {
  if (!m_call) return;
  if (m_waiting_bytes > most_unread) return cut_off();
  m_waiting_bytes += text.size();
  m_waiting.push_back(std::move(text));
  flush();
}

// Its client reads nothing, and is treated as one that has left.
void Stream::cut_off() {
  const auto self = shared_from_this();
  m_call->finish();
  gone();
}

// What it gives may set off that its client has left, or read on: then this is called within itself.
void Stream::flush() {
  if (std::exchange(m_busy, true)) return;
  const auto self = shared_from_this();
  while (m_call && !m_full && !m_waiting.empty()) {
    const std::string text = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_waiting_bytes -= text.size();
    m_quiet = false;
    const berth::Call call = *m_call;
    if (call.piece(text) == Flow::full) m_full = true;
  }
  m_busy = false;
  if (m_ended && m_opened && m_waiting.empty()) finish();
}

void Stream::finish() {
  if (!m_waiting.empty() || m_busy) return;
  if (auto call = std::exchange(m_call, std::nullopt)) call->finish();
}

void Stream::answer(std::string message, int status) {
  if (m_ended) return;
  if (m_style.shared) return put(message);
  if (m_awaited > 1) {
    --m_awaited;
    return put(message);
  }
  m_ended = true;
  if (m_opened || (!m_call && m_style.number > 0 && m_last_id > 0)) {
    put(message);
    if (m_call && m_opened) finish();
    return;
  }
  auto call = std::exchange(m_call, std::nullopt);
  if (!call) return;
  berth::Head head{message.empty() ? "" : "application/json"};
  head.status = status;
  call->answer(head, message);
}

void Stream::end() {
  if (m_style.shared) return;
  if (m_awaited > 1) return static_cast<void>(--m_awaited);
  close();
}

void Stream::close() {
  if (std::exchange(m_ended, true)) return;
  if (m_opened) return finish();
  berth::Head nothing;
  nothing.status = 202;
  if (auto call = std::exchange(m_call, std::nullopt)) call->answer(nothing, {});
}

void Stream::let_go(int retry_ms) {
  if (!m_call || m_style.number == 0) return;
  open();
  give("retry: " + std::to_string(retry_ms) + "\n\n");
  if (auto call = std::exchange(m_call, std::nullopt)) call->finish();
  m_alone_since = Clock::now();
  m_waiting.clear();
  m_waiting_bytes = 0;
}

void Stream::beat() {
  if (m_call && m_opened && std::exchange(m_quiet, true)) give(":\n\n");
}

}  // namespace mcp

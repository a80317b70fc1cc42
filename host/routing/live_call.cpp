// Carries answers from whatever thread a provider uses to the I/O thread, in order, and no faster than the client
// reads.
#include "routing/live_call.hpp"

#include <berth/json_reader.hpp>
#include <utility>

namespace berth::routing {

using loader::Answer;
using loader::Flow;
using service::Error;

namespace {

constexpr std::size_t overrun_factor = 4;  // a provider that goes on this far beyond "full" does not mean to stop

template <class... Ts>
struct Visitor : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Visitor(Ts...) -> Visitor<Ts...>;

}  // namespace

LiveCall::LiveCall(Dispatcher& dispatcher, Ask&& ask, std::shared_ptr<Sink> sink)
    : m_dispatcher(dispatcher),
      m_route(std::move(ask.route)),
      m_announced(ask.announced),
      m_request{
          m_route->index,           ask.checked_input.empty() ? json_text(ask.input) : std::move(ask.checked_input),
          std::move(ask.asker),     std::move(ask.last_event_id),
          std::move(ask.body),      ask.body_size,
          std::move(ask.body_type), std::move(ask.body_name),
          std::move(ask.http)},
      m_began(dispatcher.m_parts.clock.now()),
      m_buffer(dispatcher.m_parts.stream_buffer),
      m_sink(std::move(sink)) {
  discard(ask.input);
}

Flow LiveCall::send(std::string json) {
  if (!may_give(kind(), Answer::value)) return Flow::wrong;
  return deliver(Send{std::move(json)}, true);
}

Flow LiveCall::accept(std::string json, const std::string& path) {
  if (kind() != loader::Kind::call) return Flow::wrong;
  return deliver(Accept{std::move(json), path}, true);
}

Flow LiveCall::fail(Error error) { return deliver(std::move(error), true); }

Flow LiveCall::file(service::UniqueFd fd, loader::Head head) {
  if (!may_give(kind(), Answer::file) || !fd) return Flow::wrong;
  return deliver(File{std::move(fd), std::move(head)}, true);
}

Flow LiveCall::begin(loader::Head head) {
  if (!may_give(kind(), Answer::head)) return Flow::wrong;
  return deliver(std::move(head), false);
}

Flow LiveCall::chunk(loader::Chunk chunk) {
  if (!may_give(kind(), Answer::chunks)) return Flow::wrong;
  return deliver(std::move(chunk), false);
}

Flow LiveCall::finish(std::uint32_t code, std::string reason) {
  if (!may_give(kind(), Answer::chunks)) return Flow::wrong;
  return deliver(Finish{code, std::move(reason)}, true);
}

Flow LiveCall::deliver(Item item, bool last) {
  const bool here = m_dispatcher.m_parts.loop.here();
  const auto* chunk = std::get_if<loader::Chunk>(&item);
  std::unique_lock lock(m_mutex);
  if (m_cancelled) {  // perhaps by the host, which said the last in the provider's place: it is still owed an end
    m_ended = m_ended || last;
    return Flow::gone;
  }
  if (m_ended) return Flow::wrong;
  m_ended = last;
  const Flow flow = chunk ? flow_after(chunk->bytes.size() + 64) : Flow::ok;
  if (here && !m_flushing && m_outbox.empty()) {
    lock.unlock();
    if (last) m_room.notify_all();
    hand_over(std::move(item));
    return flow;
  }
  m_outbox.push_back(std::move(item));
  const bool post = !std::exchange(m_posted, true);
  lock.unlock();
  if (last) m_room.notify_all();
  if (post) m_dispatcher.m_parts.loop.post([self = shared_from_this()] { self->flush(); });
  return flow;
}

// Under the lock.
Flow LiveCall::flow_after(std::size_t bytes) {
  const std::size_t before = std::exchange(m_queued, m_queued + bytes);
  if (m_queued < m_buffer) return Flow::ok;
  m_full = true;
  if (before > m_buffer * overrun_factor) {
    m_ended = m_cancelled = true;
    m_outbox.clear();
    m_dispatcher.m_parts.loop.post([self = shared_from_this()] { self->overrun(); });
    return Flow::gone;
  }
  return Flow::full;
}

void LiveCall::overrun() {
  Error error{500, "plugin_error", "the plugin sent on though the client does not read",
              "its author: after Flow::full, push nothing until on_drained"};
  m_dispatcher.m_parts.log.write(service::Level::error, "routing", "a plugin ignores backpressure; its call is ended",
                                 {{"operation", m_route->operation.name}, {"request_id", m_request.asker->request_id}});
  cut_off(std::move(error));
}

void LiveCall::cut_off(Error error) {
  if (m_entered)
    m_route->provider->cancel(shared_from_this());
  else if (m_dispatcher.m_parts.judge)
    m_dispatcher.m_parts.judge->forget(m_ticket);
  m_room.notify_all();
  hand_over(std::move(error));
}

void LiveCall::flush() {
  std::vector<Item> items;
  {
    const std::lock_guard lock(m_mutex);
    m_posted = false;
    m_flushing = true;  // what comes meanwhile, by whatever this sets off, comes after
    items.swap(m_outbox);
  }
  for (auto& item : items) hand_over(std::move(item));
  const std::lock_guard lock(m_mutex);
  m_flushing = false;
}

// I/O thread. A cancelled call has no sink any more.
void LiveCall::hand_over(Item item) {
  if (m_sink && !ask_after(item)) tell(std::move(item));
}

void LiveCall::tell(Item item) {
  if (!m_sink) return;
  const auto sink = m_sink;
  std::visit(Visitor{[&](Send& send) {
                       account(200, "ok");
                       sink->send(std::move(send.json));
                     },
                     [&](Accept& accept) {
                       account(202, "ok");
                       sink->accept(std::move(accept.json), accept.path);
                     },
                     [&](Error& error) {
                       account(error.status, error.code);
                       sink->fail(std::move(error));
                     },
                     [&](File& file) {
                       account(200, "ok");
                       sink->file(std::move(file.fd), std::move(file.head));
                     },
                     [&](loader::Head& head) { sink->begin(std::move(head)); },
                     [&](loader::Chunk& chunk) {
                       m_given += chunk.bytes.size();
                       sink->chunk(std::move(chunk));
                     },
                     [&](Finish& finish) {
                       account(200, "ok");
                       sink->finish(finish.code, std::move(finish.reason));
                     }},
             item);
}

void LiveCall::end(Error error) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_ended || m_cancelled) return;
    m_ended = m_cancelled = true;
    m_outbox.clear();
  }
  cut_off(std::move(error));
}

Flow LiveCall::wait() {
  std::unique_lock lock(m_mutex);
  if (!m_dispatcher.m_parts.loop.here()) {
    m_room.wait(lock, [this] { return !m_full || m_cancelled || m_ended; });
  }
  if (m_cancelled || m_ended) return Flow::gone;
  return m_full ? Flow::full : Flow::ok;
}

bool LiveCall::cancelled() const {
  const std::lock_guard lock(m_mutex);
  return m_cancelled;
}

void LiveCall::cancel() {
  bool owed = false;
  {
    const std::lock_guard lock(m_mutex);
    owed = !m_ended && !m_cancelled;
    m_cancelled = true;
    m_outbox.clear();
  }
  m_room.notify_all();
  m_sink.reset();
  tell_of_leaving();
  account(499, "cancelled");
  if (owed && m_entered) m_route->provider->cancel(shared_from_this());
}

void LiveCall::consumed(std::size_t bytes) {
  bool drained = false;
  {
    const std::lock_guard lock(m_mutex);
    m_queued -= std::min(bytes, m_queued);
    if (!m_full || m_queued > m_buffer / 2) return;
    m_full = false;
    drained = !m_ended && !m_cancelled;
  }
  m_room.notify_all();
  if (drained) m_route->provider->drained(shared_from_this());
}

void LiveCall::message(loader::Chunk chunk, std::function<void()> done) {
  m_route->provider->message(shared_from_this(), std::move(chunk), std::move(done));
}

// The audit line and the numbers of a call's end; before the answer leaves.
void LiveCall::account(int status, std::string_view verdict) {
  if (std::exchange(m_accounted, true)) return;
  m_sink.reset();  // it heard, or hears now, the last of us
  const auto& clock = m_dispatcher.m_parts.clock;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(clock.now() - m_began);
  m_dispatcher.m_in_flight--;
  m_dispatcher.unseat(*this);
  m_dispatcher.m_gauge.add(-1);
  if (!m_announced || status == 499) m_dispatcher.ended(*m_route, *m_request.asker, {verdict, status, took});
}

}  // namespace berth::routing

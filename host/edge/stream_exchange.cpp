// Shows an event feed to an HTTP client, with heartbeats.
#include "edge/stream_exchange.hpp"

#include <chrono>
#include <utility>

#include "edge/answer.hpp"
#include "edge/chunked.hpp"
#include "edge/connection.hpp"
#include "edge/trace.hpp"
#include "routing/problem.hpp"

namespace berth::edge {

namespace {
constexpr std::size_t most_unsent = 64u << 10;
constexpr std::chrono::seconds patience{1};  // for a refusal, before a stream without events begins
constexpr std::string_view first_words = "retry: 1000\n\n";

service::Error stream_gone() {
  return {410, "stream_gone", "what this stream told is kept no more, or was somebody else's",
          "nothing was done this time: without Last-Event-ID it is, even if that is once more"};
}
}  // namespace

std::string StreamExchange::owner() const {
  return m_inbound.asker->who.name + "\n" + m_inbound.route->operation.name + "\n" + m_inbound.asker->session;
}

void StreamExchange::run(std::string body) {
  if (m_inbound.head_only()) {
    return whole(200, "text/event-stream", {});
  }
  const std::string last(m_connection->head().value("Last-Event-ID"));
  const auto found = commons().streams.find(last, owner());
  if (found && found->feed->knows(found->after)) return resume(found->feed, found->after);
  const auto& operation = m_inbound.route->operation;
  if (!last.empty() && operation.resumable && operation.method != "GET") return fail(stream_gone());
  auto wanted = wanted_by(body);
  if (!wanted) return fail(wanted.error());
  const auto& limits = commons().options.limits;
  m_feed =
      std::make_shared<EventFeed>(request_id_of({}), operation.resumable, limits.stream_buffer, m_inbound.asked_path());
  m_feed->attach(this, 0);
  if (operation.resumable) commons().streams.add(m_feed, owner());
  m_noted = true;
  wanted->last_event_id = last;
  const auto feed = m_feed;
  m_last = commons().clock.now();  // first: the answer may be there before start() is back
  auto call = commons().dispatcher.start(std::move(*wanted), feed);
  if (call) feed->hold(std::move(call));
}

void StreamExchange::resume(std::shared_ptr<EventFeed> feed, std::uint64_t after) {
  if (feed->nothing_after(after)) return whole(204, {}, {});  // tells an EventSource that it need not come again
  commons().streams.taken(feed->id());
  if (auto* old = static_cast<StreamExchange*>(feed->view())) {
    feed->detach();  // first: the one that leaves is not to take the stream along
    old->m_connection->close();
  }
  m_feed = std::move(feed);
  note({200, "resumed", {}});
  open();
  m_feed->attach(this, after);
}

// The head of the stream, once it is clear that it does not fail at once.
void StreamExchange::open() {
  if (std::exchange(m_head_sent, true) || !attached()) return;
  m_chunked = m_inbound.version == 11;
  if (!m_chunked) m_reusable = false;
  AnswerHead answer = head(200);
  answer.field("Content-Type", "text/event-stream").field("Cache-Control", "no-store").field("X-Accel-Buffering", "no");
  answer.lines(commons().date_line());
  if (m_chunked) answer.field("Transfer-Encoding", "chunked");
  if (!m_reusable || !m_connection->keeps_alive()) answer.field("Connection", "close");
  m_connection->write(std::move(answer).done());
  put(std::string(first_words));
}

void StreamExchange::put(std::string text) {
  m_last = commons().clock.now();
  m_connection->write(m_chunked ? chunked(text) : std::move(text));
}

bool StreamExchange::room() const { return attached() && m_connection->unsent() < most_unsent; }

void StreamExchange::show(std::string text) {
  open();
  if (attached()) put(std::move(text));
}

void StreamExchange::written(std::size_t) {
  if (m_feed && !m_done && room()) m_feed->pump();
}

void StreamExchange::tick(service::Clock::Moment now) {
  if (m_done || !m_feed || !attached()) return;
  if (!m_head_sent) {
    if (now - m_last >= patience) open();
    return;
  }
  if (now - m_last >= commons().options.limits.heartbeat && room()) put(": berth\n\n");
}

void StreamExchange::refuse(service::Error error) {
  if (!m_head_sent) return fail(std::move(error));
  show(event_text({}, "berth.problem", routing::problem_json(error, m_inbound.asked_path())));
  over();
}

void StreamExchange::fail(service::Error error) {
  m_done = true;
  if (m_feed) commons().streams.leave(m_feed->id(), commons().clock.now());
  Exchange::fail(std::move(error));
}

void StreamExchange::over() {
  if (std::exchange(m_done, true) || !attached()) return;
  open();
  if (m_chunked) m_connection->write(std::string(last_chunk));
  if (m_feed->resumable()) park(*m_feed);
  ended(200);
}

// Kept for a while, for a client that comes back.
void StreamExchange::park(const EventFeed& feed) {
  commons().streams.leave(feed.id(), commons().clock.now() + commons().options.limits.resume_time);
}

void StreamExchange::client_left() {
  m_connection = nullptr;
  if (!m_feed || m_done || m_feed->view() != this) return;
  m_feed->detach();
  if (!m_feed->resumable() || commons().draining) return m_feed->cancel();  // nobody can come back to a host that ends
  park(*m_feed);
}

// A stream may have no end of its own: when the host drains, its client is told to come again.
bool StreamExchange::closing_now() {
  if (m_done || !m_feed) return JsonExchange::closing_now();
  m_feed->detach();
  if (room()) show(event_text({}, "berth.closing", "{}"));
  m_feed->cancel();
  over();
  return true;
}

}  // namespace berth::edge

// Bounded in number, in streams and in time.
#include "session.hpp"

#include <berth/call_parts.hpp>
#include <berth/json_text.hpp>
#include <sys/random.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace mcp {

namespace {

constexpr std::size_t most_sessions = 1024, most_streams = 32;
constexpr std::chrono::minutes idle_time{60};

}  // namespace

std::string random_name() {
  unsigned char bytes[16];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
    throw berth::Error(503, "no_randomness", "the machine gives no random bytes", "try again");
  static constexpr char digits[] = "0123456789abcdef";
  std::string name;
  for (const unsigned char byte : bytes) {
    name += digits[byte >> 4];
    name += digits[byte & 15];
  }
  return name;
}

Stream::Style Session::style() {
  Stream::Style style;
  style.number = ++m_last_stream;
  style.primed = m_client.version >= "2025-11-25";
  return style;
}

void Session::keep(const std::shared_ptr<Stream>& stream) {
  const auto plain = [](const auto& one) { return one->ended() && !one->opened(); };  // nobody comes back to these
  m_streams.erase(std::remove_if(m_streams.begin(), m_streams.end(), plain), m_streams.end());
  m_streams.push_back(stream);
  while (m_streams.size() > most_streams) {
    // Ended ones first: their clients have had everything, or never came back.
    const auto ended = std::find_if(m_streams.begin(), m_streams.end(), [](const auto& one) { return one->ended(); });
    m_streams.erase(ended == m_streams.end() ? m_streams.begin() : ended);
  }
}

std::shared_ptr<Stream> Session::find_stream(std::string_view event_id, std::uint64_t& after) const {
  std::uint64_t number = 0;
  const char* end = event_id.data() + event_id.size();
  const auto first = std::from_chars(event_id.data(), end, number);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return nullptr;
  const auto second = std::from_chars(first.ptr + 1, end, after);
  if (second.ec != std::errc() || second.ptr != end) return nullptr;
  const auto at =
      std::find_if(m_streams.begin(), m_streams.end(), [number](const auto& one) { return one->number() == number; });
  return at == m_streams.end() ? nullptr : *at;
}

void Session::begin(const Json& id, const std::shared_ptr<Run>& run) { m_runs.emplace(berth::json_text(id), run); }

void Session::drop_pending(const Run& run, std::uint64_t but) {
  std::erase_if(m_pending,
                [&](const auto& one) { return one.second.run.lock().get() == &run && one.second.posed != but; });
}

void Session::end(const Run& run) {
  drop_pending(run, 0);
  const auto at = m_runs.find(berth::json_text(run.order().id));
  if (at != m_runs.end() && at->second.get() == &run) m_runs.erase(at);
}

std::shared_ptr<Run> Session::running(const Json& id) const {
  const auto at = m_runs.find(berth::json_text(id));
  return at == m_runs.end() ? nullptr : at->second;
}

void Session::ask(const std::shared_ptr<Run>& run, const std::string& key, const Json& request) {
  const std::string id = "berth-" + std::to_string(++m_last_ask);
  drop_pending(*run, run->posed());  // an answer to what was asked before is none to this
  m_pending[berth::json_text(Json(id))] = {run, key, run->posed()};
  Json message{{"jsonrpc", "2.0"}, {"id", id}, {"method", request["method"]}};
  if (request.contains("params")) message["params"] = request["params"];
  run->out()->send(message);
}

bool Session::responded(const berth::Call& call, const Message& response) {
  const auto node = m_pending.extract(berth::json_text(response.id));
  const auto run = node ? node.mapped().run.lock() : nullptr;
  if (!run) return false;
  const Json& said = part(response.error, "message");
  if (response.error.is_null())
    run->responded(call, node.mapped().key, response.result);
  else
    run->refused(said.is_string() ? said.get<std::string>() : "an error");
  return true;
}

bool Session::busy() const {
  if (listening && listening->attached()) return true;
  return std::any_of(m_runs.begin(), m_runs.end(), [](const auto& one) { return one.second->out()->attached(); });
}

void Session::drop_abandoned(Stream::Clock::time_point since) {
  const auto runs = m_runs;
  for (const auto& [id, run] : runs)
    if (run->abandoned(since)) run->drop();
}

void Session::close() {
  for (const auto& [id, run] : std::exchange(m_runs, {}))
    run->is_task() ? run->close_waiters() : run->drop();  // tasks are their caller's, as long as they are kept
  for (const auto& stream : std::exchange(m_streams, {})) stream->close();
  if (const auto stream = std::exchange(listening, nullptr)) stream->close();
}

std::shared_ptr<Session> Sessions::make(const Owner& owner, Client client) {
  if (m_all.size() >= most_sessions) {  // the one that was not used for longest
    auto oldest = m_all.end();
    for (auto at = m_all.begin(); at != m_all.end(); ++at)
      if (!at->second->busy() && (oldest == m_all.end() || at->second->used < oldest->second->used)) oldest = at;
    if (oldest == m_all.end())
      throw berth::Error(503, "busy", "too many clients have a session here, and all of them work", "try again later");
    remove(oldest->second);
  }
  auto session = std::make_shared<Session>(random_name(), owner, std::move(client));
  m_all.emplace(session->id(), session);
  return session;
}

std::shared_ptr<Session> Sessions::find(std::string_view id, const Owner& owner) {
  const auto at = m_all.find(id);
  if (at == m_all.end() || !(at->second->owner() == owner)) return nullptr;
  at->second->used = Session::Clock::now();
  return at->second;
}

void Sessions::remove(std::shared_ptr<Session> session) {  // NOLINT(performance-unnecessary-value-param)
  m_all.erase(session->id());
  session->close();
}

void Sessions::expire(std::chrono::seconds away) {
  std::vector<std::shared_ptr<Session>> old;
  for (const auto& [id, session] : m_all) session->drop_abandoned(Session::Clock::now() - away);
  for (const auto& [id, session] : m_all)
    if (!session->busy() && Session::Clock::now() - session->used > idle_time) old.push_back(session);
  for (const auto& session : old) remove(session);
}

void Sessions::close() {
  for (const auto& [id, session] : std::exchange(m_all, {})) session->close();
}

}  // namespace mcp

// HTTP+SSE, as revision 2024-11-05 has it and older clients speak: one stream of events for all answers, and a path
// that takes the messages.
#include <utility>

#include "plugin.hpp"

namespace mcp {

void Plugin::sse(berth::Call call) {
  const std::lock_guard<Stream::Lock> held(m_lock);
  if (!m_known) return wait_for_known(call, [this, call] { sse(call); });
  const std::string server = call.input().at("server");
  const Selection selection = selection_of(&group(server), {});
  Client client;
  client.version = "2024-11-05";
  const auto session = m_sessions.make(owner_of(call, selection), client);
  Stream::Style style;
  style.shared = true;
  session->listening = std::make_shared<Stream>(m_lock, style);
  session->listening->when_left([this, weak = std::weak_ptr<Session>(session)] {
    if (const auto self = weak.lock()) m_sessions.remove(self);
  });
  session->listening->attach(call);
  // Relative to the stream's own path, which may stand behind a prefix that only the client knows.
  session->listening->event("endpoint", "messages?client=" + session->id());
  remember(session->listening);
}

void Plugin::message(berth::Call call) {
  const std::lock_guard<Stream::Lock> held(m_lock);
  const std::string server = call.input().at("server"), id = call.input().at("client");
  const Selection selection = selection_of(&group(server), {});
  const auto session = m_sessions.find(id, owner_of(call, selection));
  if (!session || !session->listening)
    throw berth::Error(404, "no_session", "this stream of events is over",
                       "open it again: GET /servers/" + server + "/sse");
  Json json;
  if (!read(call, json)) return;
  if (json.is_array()) return batch(call, selection, std::move(json), session);
  auto message = read_one(call, std::move(json));
  if (!message) return;
  Request request{call,    std::move(*message), {}, {call.caller(), scope_of(call.scope())}, selection,
                  session, session->listening};
  const bool begins = request.message.kind == Message::Kind::request && request.message.method == "initialize";
  begins ? initialize(request) : in_session(request);
}

}  // namespace mcp

// Whoever comes gets a session of its own with the browser as a whole: what it attaches to and the contexts that it
// makes hang on that, and when it is detached the browser itself takes all of it away, however the client went.
#include "mux.hpp"

#include <berth/output.hpp>

#include <vector>

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds enter_time = 30s;
constexpr unsigned does_not_read = 4000, browser_gone = 4001, not_let_in = 4002, session_gone = 4004;
constexpr std::size_t longest_reason = 110;  // bytes; a close frame has 123 at the most

}  // namespace

void Mux::end() {
  const auto all = m_clients;
  for (const auto& client : all) leave(client, browser_gone, "the browser's plugin has ended");
}

void Mux::join(const berth::Call& call, const std::string& target) {
  if (m_joined >= most_clients)
    throw berth::Error(429, "too_many_clients", std::to_string(most_clients) + " clients use the browser already",
                       "some of them have to leave first");
  ++m_joined;
  const auto client = std::make_shared<Client>(call);
  const std::weak_ptr<Client> weak = client;
  call.on_message([this, weak](const berth::Message& message) {
    const auto from = weak.lock();
    if (!from) return;
    auto said = std::make_shared<const Unheard>(message.bytes, from->unheard, m_unheard);
    if (!said->fits()) said.reset();
    m_ground.loop.post([this, from, said] {
      if (!said) return leave(from, does_not_read, "it says more than the browser can hear");
      if (from->gone) return;
      if (!from->ready) return from->early.push_back(said);
      hear(from, said->text());
    });
  });
  call.on_drained([this, weak] {
    m_ground.loop.post([this, weak] {
      const auto from = weak.lock();
      if (from && !from->gone && !from->drained()) leave(from, does_not_read, "it has left");
    });
  });
  call.on_cancel([this, weak] {
    m_ground.loop.post([this, weak] {
      if (const auto from = weak.lock()) leave(from, 1000, "");
    });
  });
  m_ground.loop.post([this, client, target] {
    m_clients.insert(client);
    std::size_t beside = 0;
    for (const auto& one : m_clients) beside += one->session == client->session;
    if (beside > most_of_a_session)
      return leave(client, not_let_in, "the session has " + std::to_string(most_of_a_session) + " clients already");
    enter(client, target);
  });
}

Errand Mux::enter(Of client, std::string target) {
  Patience patience(m_ground.patients, enter_time);
  std::string failed;
  const std::string any;  // tab: the context that is in use
  try {
    client->seat = co_await m_browser.seat(patience, client->session, any);
    co_await open_base(patience, client, target);
  } catch (const berth::Error& error) {
    failed = error.message();
  }
  if (!failed.empty()) co_return leave(client, not_let_in, failed);
  if (client->gone) co_return;
  client->ready = true;
  while (!client->early.empty() && !client->gone) {
    const auto said = std::move(client->early.front());
    client->early.pop_front();
    hear(client, said->text());
  }
}

Task<void> Mux::open_base(Patience& patience, Of client, std::string target) {
  const Json nothing = with();
  const Json made = co_await Ask(m_browser.cdp(), patience, the_browser, "Target.attachToBrowserTarget", nothing);
  const std::string root = text_of(made, "sessionId");
  if (client->gone) {  // it has left meanwhile, and nobody takes that away any more
    const Json it = with("sessionId", root);
    m_browser.cdp().send(the_browser, "Target.detachFromTarget", it);
    co_return;
  }
  client->root = client->base = root;
  client->lines[root].name = root;
  m_lines[root] = client;
  if (target.empty()) co_return;
  if (!sees(*client, target)) throw berth::Error(404, "no_target", "there is no page " + berth::clean(target));
  const Json params = with("targetId", target, "flatten", true);
  const Json attached = co_await Ask(m_browser.cdp(), patience, root, "Target.attachToTarget", params);
  client->base = text_of(attached, "sessionId");
}

void Mux::leave(const Of& given, unsigned code, const std::string& why) {
  const Of client = given;  // perhaps one that is let go of below
  if (std::exchange(client->gone, true)) return;
  --m_joined;
  m_clients.erase(client);
  for (const auto& [name, line] : client->lines) m_lines.erase(name);
  std::erase_if(m_asked, [&](const auto& one) { return one.second.client == client; });
  client->early.clear();
  client->changed.tell();
  client->call().finish(code, why.substr(0, longest_reason));
  if (client->root.empty() || !m_browser.is_up()) return;
  m_browser.cdp().send(the_browser, "Target.detachFromTarget", with("sessionId", client->root));
  m_browser.note(client->seat);
}

void Mux::tell(const Of& client, std::string text) {
  if (!client->give(std::move(text))) return leave(client, does_not_read, "it does not read what it is told");
  if (client->waiting() > 0) make_room();
}

// Of all that wait together: whoever has most waiting for it goes.
void Mux::make_room() {
  std::size_t all = 0;
  Of most;
  for (const auto& one : m_clients) {
    all += one->waiting();
    if (!most || one->waiting() > most->waiting()) most = one;
  }
  if (all > most_waiting) leave(most, does_not_read, "it does not read, and others wait");
}

void Mux::lost(const std::string& why) {
  m_targets.clear();
  const auto all = m_clients;
  for (const auto& client : all) {
    if (!client->root.empty()) leave(client, browser_gone, "the browser has ended, connect again: " + why);
  }
}

void Mux::closed(const std::string& context) {
  const auto all = m_clients;
  for (const auto& client : all) {
    if (client->seat && client->seat->context == context) leave(client, session_gone, "its context has been closed");
  }
}

void Mux::ended(const std::string& session) {
  const auto all = m_clients;
  for (const auto& client : all) {
    if (client->session == session) leave(client, session_gone, "its session has ended");
  }
}

}  // namespace browser

// What a tab's pages are told of their surroundings, as their session has it.
#include <utility>

#include "seat.hpp"

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_tried = 200;
constexpr auto script_time = 5s;

}  // namespace

void Tab::tell_surroundings(const std::string& session) {
  const auto seat = m_seat.lock();
  if (!seat) return;
  const auto& all = seat->emulation;
  const bool of_frame = session != m_names.session;
  for (const auto& [method, params] : all.commands(m_window.width, m_window.height, m_window.user_agent, of_frame))
    m_cdp->send(session, method, params);
  guard_logins_in(session);
}

void Tab::emulate() {
  const auto seat = m_seat.lock();
  if (!seat) return;
  const auto tell = [&](const std::string& session, bool of_frame) {
    for (const auto& [method, params] :
         seat->emulation.anew(m_window.width, m_window.height, m_window.user_agent, of_frame))
      m_cdp->send(session, method, params);
  };
  tell(m_names.session, false);
  for (const auto& [frame, session] : m_frames) tell(session, true);
}

// Only what goes to these origins is held for a moment; nothing else is slower for it.
void Tab::guard_logins_in(const std::string& session) {
  const auto seat = m_seat.lock();
  if (!seat || (seat->logins.empty() && !m_guards)) return;
  if (seat->logins.empty()) return m_cdp->send(session, "Fetch.disable", with());
  Json patterns = Json::array();
  for (const auto& [origin, login] : seat->logins) patterns.push_back(with("urlPattern", origin + "/*"));
  m_cdp->send(session, "Fetch.enable", with("handleAuthRequests", true, "patterns", std::move(patterns)));
}

void Tab::guard_logins() {
  guard_logins_in(m_names.session);
  for (const auto& [frame, session] : m_frames) guard_logins_in(session);
  const auto seat = m_seat.lock();
  m_guards = seat && !seat->logins.empty();
}

// Once for each request: who is refused is not asked again and again.
void Tab::on_held(const std::string& session, const std::string& method, const Json& params) {
  const std::string id = text_of(params, "requestId");
  if (method == "Fetch.requestPaused") return m_cdp->send(session, "Fetch.continueRequest", with("requestId", id));
  if (method != "Fetch.authRequired") return;
  const Json& challenge = part(params, "authChallenge");
  Json answer = with("response", "CancelAuth");
  const auto seat = m_seat.lock();
  if (m_tried.size() > most_tried) m_tried.clear();
  if (seat && text_of(challenge, "source") != "Proxy" && m_tried.insert(id).second) {
    const auto at = seat->logins.find(origin_of(text_of(challenge, "origin")));
    if (at != seat->logins.end())
      answer = with("response", "ProvideCredentials", "username", at->second.user, "password", at->second.password);
  }
  m_cdp->send(session, "Fetch.continueWithAuth", with("requestId", id, "authChallengeResponse", std::move(answer)));
}

// Run before any of a page's own, from its next page on.
Errand Tab::begin_scripts() {
  const auto self = shared_from_this();
  const auto seat = m_seat.lock();
  if (!seat || (seat->scripts.empty() && m_scripts.empty())) co_return;
  Patience patience(seat->patients, script_time);
  try {
    for (const auto& one : std::exchange(m_scripts, {}))
      m_cdp->send(m_names.session, "Page.removeScriptToEvaluateOnNewDocument", with("identifier", one));
    const auto scripts = seat->scripts;
    for (const auto& source : scripts) {
      Json params = with("source", source);
      const Json added =
          co_await Ask(*m_cdp, patience, m_names.session, "Page.addScriptToEvaluateOnNewDocument", params);
      m_scripts.push_back(text_of(added, "identifier"));
    }
  } catch (const berth::Error&) {
    co_return;  // a tab that is going
  }
}

}  // namespace browser

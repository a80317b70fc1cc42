// What ended is begun anew by whoever wants it next, or by itself if there are tabs to bring back.
#include "browser.hpp"

#include <algorithm>

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_recent = 100;
constexpr int most_unlaunched = 3;  // renderers, close together
constexpr std::chrono::milliseconds start_time = 20s, steady_after = 10s;

berth::Error down(const std::string& why) {
  return {503, "browser_down", "the browser does not come up: " + why,
          "GET /browser/status tells more; if it is not installed: scripts/setup --with browser"};
}

}  // namespace

Cdp& Browser::cdp() const {
  if (!m_chromium)
    throw berth::Error(503, "browser_gone", "the browser has ended: " + m_last_end,
                       "it is started again: try again in a moment");
  return *m_chromium->cdp();
}

Browser::Browser(const Ground& ground)
    : m_ground(ground), m_again(ground.loop), m_cookies(ground.loop), m_steady(ground.loop) {}

Browser::~Browser() { *m_alive = false; }

void Browser::start() {
  m_state = State::starting;
  m_again.cancel();
  try {
    m_chromium = std::make_unique<Chromium>(
        m_ground, m_sandbox,
        Chromium::Ears{[this](const std::string& session, const std::string& method, const Json& params) {
                         event(session, method, params);
                       },
                       [this](const Envelope& message) { return m_follower && m_follower->message(message); },
                       [this](const std::string& why) { lose(why); }});
    ++m_starts;
    come_up();
  } catch (const berth::Error& error) {
    m_ground.loop.post([this, alive = m_alive, why = error.message()] {
      if (*alive) lose(why);
    });
  }
}

// Bounded by its own patience, which nobody else's shortens.
Errand Browser::come_up() {
  const auto alive = m_alive;
  const auto mine = m_starts;
  const auto with_browser = m_chromium->cdp();
  Patience patience(m_ground.patients, start_time);
  std::string failed;
  try {
    const Json version = co_await Ask(*with_browser, patience, the_browser, "Browser.getVersion");
    Json every = Json::array();  // those that are no pages, too: whoever follows wants them
    every.push_back(with());
    const Json discover = with("discover", true, "filter", every);
    co_await Ask(*with_browser, patience, the_browser, "Target.setDiscoverTargets", discover);
    if (!*alive) co_return;
    m_version = text_of(version, "product");
    m_user_agent = text_of(version, "userAgent");
  } catch (const berth::Error& error) {
    if (error.code() == "browser_gone") co_return;  // its process says why
    failed = error.message();
  }
  if (!*alive || m_starts != mine || m_state != State::starting) co_return;  // its end has been told
  if (!failed.empty()) co_return lose(failed);
  m_state = State::up;
  feel(std::nullopt);
  m_steady.set(steady_after, [this] { m_backoff.well(); });
  Json about = with("version", m_version, "starts", m_starts, "sandbox", m_sandbox);
  m_ground.log.info("the browser is up", about);
  for (const auto& [key, seat] : m_seats) {
    if (seat->returning) restore(seat);
  }
  m_changed.tell();
}

void Browser::lose(const std::string& why) {
  m_ground.log.warn("the browser has ended", {{"why", why}});
  m_last_end = why;
  const bool was_up = m_state == State::up;
  m_state = State::down;
  m_unlaunched = 0;
  m_steady.cancel();
  m_chromium.reset();
  m_by_session.clear();
  m_by_target.clear();
  if (m_follower) m_follower->lost(why);
  while (!m_pages.empty()) lose_page(std::string(m_pages.begin()->first));
  m_page_targets.clear();
  lose_downloads();
  if (!was_up && m_sandbox && m_ground.settings.may_lack_sandbox && why.find("sandbox") != why.npos) {
    m_sandbox = false;
    m_ground.log.warn("the browser runs without its own sandbox", {{"why", why}});
  } else {
    m_backoff.failed(down(why));
  }
  if (!was_up) feel("the browser does not come up: " + why);
  bool wanted = false;
  for (const auto& [key, seat] : m_seats) {
    if (was_up && !seat->context.empty()) keep_tabs(*seat);
    for (const auto& tab : seat->tabs) tab->lose();
    seat->tabs.clear();
    seat->active.reset();
    sweep(*seat, true);
    seat->undecided.clear();
    seat->ids.clear();
    seat->context.clear();
    seat->tries = 0;
    seat->returning = !seat->kept.empty() || !seat->cookies.empty() || !seat->origins.empty();
    if (seat->returning) seat->restarted = why;
    wanted |= seat->returning;
    seat->changed.tell();
    if (seat->name.empty()) m_ground.events.publish("browser.ended", {{"why", why}}, seat->session);
  }
  m_changed.tell();
  if (wanted) schedule();
}

// The first time at once: what was killed once is up again in no time. Then it has to wait its turn.
void Browser::schedule() {
  const auto wait = m_backoff.failures() <= 1 ? 0ms
                                              : std::min<std::chrono::milliseconds>(
                                                    500ms * (1 << std::min(m_backoff.failures(), 6)), 30'000ms);
  m_again.set(wait, [this] {
    if (m_state == State::down) start();
  });
}

Task<void> Browser::up(Patience& patience) {
  if (m_state == State::down && m_backoff.failures() <= 1) start();
  if (m_state == State::down) m_backoff.check();
  if (m_state == State::down) start();
  while (m_state == State::starting) co_await Signal::Next(m_changed, patience);
  if (m_state != State::up) throw down(m_last_end);
}

// Not by the browser's own setAutoAttach: with it whoever opens a window waits for that for seconds.
void Browser::created(const Json& info) {
  const auto tell = [&] {
    if (m_follower) m_follower->target("Target.targetCreated", with("targetInfo", info));
  };
  const auto seat = seat_of(text_of(info, "browserContextId"));
  if (text_of(info, "type") != "page" || !seat) return tell();
  if (m_page_targets.contains(text_of(info, "targetId"))) return;
  if (m_page_targets.contains(text_of(info, "openerId")))  // what a page of the plugin's own opens is nobody's
    return cdp().send(the_browser, "Target.closeTarget", with("targetId", text_of(info, "targetId")));
  m_recent.emplace_back(text_of(info, "targetId"), text_of(info, "browserContextId"));
  if (m_recent.size() > most_recent) m_recent.pop_front();
  if (seat->making_pages > 0 && text_of(info, "openerId").empty()) return seat->undecided.push_back(info);
  tell();
  cdp().send(the_browser, "Target.attachToTarget", with("targetId", text_of(info, "targetId"), "flatten", true));
}

void Browser::attached(const Json& params) {
  const Json& info = part(params, "targetInfo");
  const std::string session = text_of(params, "sessionId"), target = text_of(info, "targetId");
  const auto seat = seat_of(text_of(info, "browserContextId"));
  if (text_of(info, "type") != "page" || !seat || m_page_targets.contains(target)) return;
  // Windows that a page opens count as well, and nobody asks for them.
  if (!text_of(info, "openerId").empty() && tabs_of(seat->session) >= m_ground.settings.most_tabs)
    return cdp().send(the_browser, "Target.closeTarget", with("targetId", target));
  const auto had = seat->ids.extract(target);
  const std::string id = had ? had.mapped() : "t" + std::to_string(++seat->share->last_tab);
  const auto tab =
      std::make_shared<Tab>(m_chromium->cdp(), Tab::Names{id, target, session, text_of(info, "openerId")}, seat);
  seat->tabs.push_back(tab);
  if (!seat->active || !tab->names().opener.empty()) seat->active = tab;  // a popup is what its user looks at
  m_by_session[session] = m_by_target[target] = tab;
  tab->describe(info);
  const Window window{m_ground.settings.width, m_ground.settings.height, m_user_agent};
  tab->begin(window);
  m_changed.tell();
}

// One whose zygote is gone starts no renderer any more, and every page of it crashes for ever.
void Browser::crashed(const Json& params) {
  m_ground.log.warn("a page has crashed", params);
  if (text_of(params, "status") != "failed to launch") return;
  const auto now = Patience::Clock::now();
  if (now - std::exchange(m_last_unlaunched, now) > steady_after) m_unlaunched = 0;
  if (++m_unlaunched != most_unlaunched) return;
  m_ground.loop.post([this, alive = m_alive, mine = m_starts] {
    if (*alive && m_starts == mine && m_state == State::up) lose("it starts no renderers any more");
  });
}

void Browser::event(const std::string& session, const std::string& method, const Json& params) {
  if (!session.empty()) {
    if (const auto page = m_pages.find(session); page != m_pages.end()) {
      const auto whose = page->second.lock();
      return whose ? whose->event(method, params) : static_cast<void>(m_pages.erase(page));
    }
    const auto at = m_by_session.find(session);
    const auto tab = at == m_by_session.end() ? nullptr : at->second.lock();
    if (!tab) return;
    if (method == "Target.attachedToTarget") m_by_session[text_of(params, "sessionId")] = tab;
    return tab->event(session, method, params);
  }
  if (method == "Target.targetCreated") return created(part(params, "targetInfo"));
  if (m_follower) m_follower->target(method, params);
  if (method == "Target.attachedToTarget") return attached(params);
  if (method == "Browser.downloadWillBegin") return download_begins(params);
  if (method == "Browser.downloadProgress") return download_goes_on(params);
  if (method == "Target.targetCrashed") crashed(params);
  if (method == "Target.targetCrashed" && m_page_targets.contains(text_of(params, "targetId")))
    cdp().send(the_browser, "Target.closeTarget", with("targetId", text_of(params, "targetId")));
  const std::string target = method == "Target.targetInfoChanged" ? text_of(part(params, "targetInfo"), "targetId")
                                                                  : text_of(params, "targetId");
  if (method == "Target.targetDestroyed") {
    m_page_targets.erase(target);
    for (const auto& [key, seat] : m_seats)
      std::erase_if(seat->undecided, [&](const Json& one) { return text_of(one, "targetId") == target; });
  }
  if (method == "Target.detachedFromTarget") {
    lose_page(text_of(params, "sessionId"));
    m_by_session.erase(text_of(params, "sessionId"));
  }
  const auto at = m_by_target.find(target);
  const auto tab = at == m_by_target.end() ? nullptr : at->second.lock();
  if (!tab) return;
  if (method == "Target.targetInfoChanged") return tab->describe(part(params, "targetInfo"));
  if (method != "Target.targetDestroyed" && method != "Target.detachedFromTarget") return;
  m_by_target.erase(at);
  cdp().forget(tab->names().session, {410, "tab_gone", "the tab " + tab->names().id + " is gone"});
  for (const auto& [name, seat] : m_seats) seat->drop(target);
}

std::optional<std::string> Browser::ailment() const {
  const std::lock_guard lock(m_mutex);
  return m_ailment;
}

void Browser::feel(std::optional<std::string> ailment) {
  const std::lock_guard lock(m_mutex);
  m_ailment = std::move(ailment);
}

Json Browser::status() const {
  std::size_t tabs = 0;
  std::set<std::string> sessions;
  for (const auto& [key, seat] : m_seats) {
    tabs += seat->tabs.size();
    sessions.insert(seat->session);
  }
  Json all = with("state",
                  m_state == State::up         ? "up"
                  : m_state == State::starting ? "starting"
                                               : "down",
                  "sandbox", m_sandbox, "starts", m_starts, "sessions", sessions.size(), "tabs", tabs);
  all["version"] = m_version.empty() ? Json() : Json(m_version);
  all["last_end"] = m_last_end.empty() ? Json() : Json(m_last_end);
  return all;
}

}  // namespace browser

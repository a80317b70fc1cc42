// What the guard keeps for sessions: their contexts, their tabs, and copies of both, made while all is well: cookies of
// its last moments a browser has not written down when it is killed.
#include <algorithm>
#include <vector>

#include "browser.hpp"

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr int most_stuck = 3;  // in a row
constexpr int most_tries = 3;
constexpr std::chrono::milliseconds restore_time = 20s, cookie_time = 5s, cookie_pause = 100ms;

}  // namespace

std::shared_ptr<Tab> Seat::find(const std::string& id) const {
  for (const auto& one : tabs)
    if (one->names().id == id) return one;
  return nullptr;
}

void Seat::drop(const std::string& target) {
  const auto at =
      std::find_if(tabs.begin(), tabs.end(), [&](const auto& one) { return one->names().target == target; });
  if (at == tabs.end()) return;
  const auto gone = *at;
  const auto next = tabs.erase(at);
  gone->lose();
  if (active == gone) active = tabs.empty() ? nullptr : next == tabs.end() ? tabs.back() : *next;
}

void Browser::keep_tabs(Seat& seat) const {
  seat.kept.clear();
  for (const auto& tab : seat.tabs) seat.kept.push_back({tab->names().id, tab->kept_url(), tab == seat.active});
}

// Ends with its owner, whatever it ends with; the next one has its turn.
struct Making {
  explicit Making(std::shared_ptr<Seat> of) : seat(std::move(of)) { seat->making = true; }
  Making(const Making&) = delete;
  ~Making() {
    seat->making = false;
    seat->changed.tell();
  }
  const std::shared_ptr<Seat> seat;
};

Task<void> Browser::turn_of(Patience& patience, std::shared_ptr<Seat> seat) {
  while (seat->making) co_await Signal::Next(seat->changed, patience);
}

Task<void> Browser::make_context(Patience& patience, std::shared_ptr<Seat> seat) {
  Json params = with("disposeOnDetach", true);
  const Json made = co_await Ask(cdp(), patience, the_browser, "Target.createBrowserContext", params);
  seat->context = text_of(made, "browserContextId");
  if (seat->gone) {
    dispose(*seat);
    throw berth::Error(410, "session_gone", "the session has ended");
  }
  co_await make_folder(patience, seat);
  if (!seat->permissions.empty()) co_await permit(patience, seat);
  if (seat->cookies.empty()) co_return;
  Json cookies = with("cookies", seat->cookies, "browserContextId", seat->context);
  co_await Ask(cdp(), patience, the_browser, "Storage.setCookies", cookies);
}

Task<void> Browser::permit(Patience& patience, std::shared_ptr<Seat> seat) {
  Json where = with("browserContextId", seat->context);
  co_await Ask(cdp(), patience, the_browser, "Browser.resetPermissions", where);
  const auto all = seat->permissions;
  for (const auto& [origin, names] : all) {
    Json params = with("browserContextId", seat->context, "permissions", permissions_of(names));
    if (!origin.empty()) params["origin"] = origin;
    co_await Ask(cdp(), patience, the_browser, "Browser.grantPermissions", params);
  }
}

// One whose page crashes meanwhile is a tab all the same, and costs the others nothing.
Task<std::shared_ptr<Tab>> Browser::open_again(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  const auto mine = m_starts;
  for (int tries = 0; tries < most_tries; ++tries) {
    seat->next_id = id;
    try {
      co_return co_await open(patience, seat);
    } catch (const berth::Error& error) {
      patience.check();
      if (m_starts != mine || m_state != State::up) throw;
    }
    if (auto left = seat->find(id)) co_return left;
  }
  const std::shared_ptr<Tab> none;
  co_return none;
}

// Tabs have the ids that they had. What cannot be loaded again stays an empty tab: its error is for whoever goes there.
Errand Browser::restore(std::shared_ptr<Seat> seat) {
  const auto alive = m_alive;
  const auto mine = m_starts;
  Patience patience(m_ground.patients, restore_time);
  bool stuck = false;
  try {
    co_await make_context(patience, seat);
    try {
      co_await put_origins(patience, seat, seat->origins);
    } catch (const berth::Error& error) {
      patience.check();
      if (!*alive || m_starts != mine || m_state != State::up) throw;
      m_ground.log.warn("a session's localStorage is not back", {{"session", seat->session}, {"why", error.message()}});
    }
    const auto kept = seat->kept;
    std::vector<std::shared_ptr<Tab>> tabs;
    for (const auto& one : kept) {
      const auto tab = co_await open_again(patience, seat, one.id);
      tabs.push_back(tab);
    }
    // Only now: a page may open a window, which must not have the id of one that is to come.
    for (std::size_t i = 0; i < tabs.size(); ++i) {
      if (!tabs[i]) continue;
      tabs[i]->aim(kept[i].url);
      tabs[i]->come_back();
      if (kept[i].active) seat->active = tabs[i];
    }
  } catch (const berth::Error& error) {
    stuck = error.code() == "timeout";
    if (*alive)
      m_ground.log.warn("a session's tabs are not back", {{"session", seat->session}, {"why", error.message()}});
  }
  if (!*alive || m_starts != mine || m_state != State::up) co_return;  // the next browser's matter
  // One that can open no tabs any more, since a process that it needs for that is gone, is of no use to anybody.
  if (stuck && ++m_stuck <= most_stuck) co_return lose("it does not bring tabs back");
  m_stuck = 0;
  seat->returning = false;
  seat->changed.tell();
}

std::shared_ptr<Seat> Browser::place(const std::string& session, const std::string& name) {
  auto& seat = m_seats[Seat::key(session, name)];
  if (seat) return seat;
  auto& count = m_last_tabs[session];
  if (!count) count = std::make_shared<std::uint64_t>(0);
  seat = std::make_shared<Seat>(m_ground.patients, session, name, count);
  seat->emulation.consistent = m_ground.settings.consistent;
  return seat;
}

// The context that is in use, unless the tab that is meant is in another one.
std::shared_ptr<Seat> Browser::meant(const std::string& session, const std::string& tab) {
  const auto chosen = m_chosen.find(session);
  const auto usual = place(session, chosen == m_chosen.end() ? "" : chosen->second);
  if (tab.empty() || usual->find(tab)) return usual;
  for (const auto& one : contexts(session))
    if (one->find(tab)) return one;
  return usual;
}

std::vector<std::shared_ptr<Seat>> Browser::contexts(const std::string& session) const {
  std::vector<std::shared_ptr<Seat>> all;
  for (const auto& [key, seat] : m_seats)
    if (seat->session == session) all.push_back(seat);
  return all;
}

void Browser::choose(const std::string& session, const std::string& name) { m_chosen[session] = name; }

Task<std::shared_ptr<Seat>> Browser::seat(Patience& patience, std::string session, std::string tab) {
  auto mine = meant(session, tab);
  co_await up(patience);
  while (mine->returning) {
    co_await Signal::Next(mine->changed, patience);
    co_await up(patience);
  }
  mine = meant(session, tab);  // whose tabs are known only now
  co_await turn_of(patience, mine);
  if (mine->context.empty()) {
    const Making making(mine);
    co_await make_context(patience, mine);
  }
  co_return mine;
}

Task<std::shared_ptr<Tab>> Browser::arrived(Patience& patience, std::string target) {
  for (;;) {
    const auto at = m_by_target.find(target);
    if (const auto tab = at == m_by_target.end() ? nullptr : at->second.lock()) co_return tab;
    cdp();  // throws if there is none any more
    co_await Signal::Next(m_changed, patience);
  }
}

Task<std::shared_ptr<Tab>> Browser::open(Patience& patience, std::shared_ptr<Seat> seat) {
  if (seat->tabs.size() >= m_ground.settings.most_tabs)
    throw berth::Error(429, "too_many_tabs",
                       "the session has " + std::to_string(seat->tabs.size()) + " tabs, its limit",
                       "close some: DELETE /browser/tabs/{tab}");
  Json params = with("url", "about:blank", "browserContextId", seat->context);
  const Json made = co_await Ask(cdp(), patience, the_browser, "Target.createTarget", params);
  const std::string target = text_of(made, "targetId");
  const auto tab = co_await arrived(patience, target);
  seat->active = tab;
  // Behind all that it was told at its begin: a renderer that was sent away in the middle of that has crashed.
  const Json nothing = with("expression", "0");
  co_await tab->ask(patience, "Runtime.evaluate", nothing);
  co_return tab;
}

Task<std::shared_ptr<Tab>> Browser::tab(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  if (id.empty() && !seat->active) {
    co_await turn_of(patience, seat);
    if (!seat->active) {
      const Making making(seat);
      co_return co_await open(patience, seat);
    }
  }
  if (id.empty()) co_return seat->active;
  const auto found = seat->find(id);
  if (!found) throw berth::Error(404, "no_tab", "there is no tab " + id, "GET /browser/tabs lists them");
  co_return found;
}

Task<void> Browser::close(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  const auto tab = co_await this->tab(patience, seat, id);
  Json params = with("targetId", tab->names().target);
  co_await Ask(cdp(), patience, the_browser, "Target.closeTarget", params);
  while (!tab->lost()) co_await Signal::Next(tab->changed(), patience);
}

Task<void> Browser::select(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  const auto tab = co_await this->tab(patience, seat, id);
  seat->active = tab;
  co_await tab->ask(patience, "Page.bringToFront", with());
}

void Browser::dispose(Seat& seat) {
  if (m_state != State::up || seat.context.empty()) return;
  cdp().send(the_browser, "Target.disposeBrowserContext", with("browserContextId", seat.context));
}

void Browser::forget(const std::string& session) {
  if (m_follower) m_follower->ended(session);
  for (const auto& one : contexts(session)) forget(one);
  m_chosen.erase(session);
  m_last_tabs.erase(session);
}

void Browser::forget(const std::shared_ptr<Seat>& seat) {
  if (m_follower) m_follower->closed(seat->context);
  m_seats.erase(seat->key());
  seat->gone = true;
  sweep(*seat, true);
  m_ground.carrier.add([&porch = m_ground.porch, folder = seat->folder] { porch.remove(folder); });
  dispose(*seat);
}

std::shared_ptr<Seat> Browser::seat_of(const std::string& context) const {
  for (const auto& [session, seat] : m_seats)
    if (!context.empty() && seat->context == context) return seat;
  return nullptr;
}

void Browser::note(const std::shared_ptr<Seat>& seat) {
  sweep(*seat, false);
  m_dirty.insert(seat->key());
  m_cookies.set(cookie_pause, [this] {
    for (const auto& key : std::exchange(m_dirty, {})) {
      const auto at = m_seats.find(key);
      if (at != m_seats.end() && m_state == State::up && !at->second->context.empty()) keep_cookies(at->second);
    }
  });
}

Errand Browser::keep_cookies(std::shared_ptr<Seat> seat) {
  Patience patience(m_ground.patients, cookie_time);
  try {
    const Json params = with("browserContextId", seat->context);
    const Json found = co_await Ask(cdp(), patience, the_browser, "Storage.getCookies", params);
    if (const Json& cookies = part(found, "cookies"); cookies.is_array()) seat->cookies = cookies;
  } catch (const berth::Error&) {
    co_return;  // what was kept before stays
  }
}

}  // namespace browser

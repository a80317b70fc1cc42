// What the guard keeps for sessions: their contexts, their tabs, and copies of both, made while all is well: cookies of
// its last moments a browser has not written down when it is killed.
#include <algorithm>
#include <vector>

#include "browser.hpp"

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds cookie_time = 5s, cookie_pause = 100ms;

}  // namespace

berth::Error Seat::why_gone() const {
  if (share->gone) return {410, "session_gone", "the session has ended"};
  return {410, "context_gone", "the context has been forgotten"};
}

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

// What is not back yet stays what it was.
void Browser::keep_tabs(Seat& seat) const {
  auto missing = std::exchange(seat.kept, {});
  for (const auto& tab : seat.tabs) {
    const std::string& id = tab->names().id;
    const auto at = std::find_if(missing.begin(), missing.end(), [&](const Kept& one) { return one.id == id; });
    if (at == missing.end()) {
      seat.kept.push_back({id, tab->kept_url(), tab == seat.active});
    } else {
      seat.kept.push_back(std::move(*at));
      missing.erase(at);
    }
  }
  for (auto& one : missing) seat.kept.push_back(std::move(one));
}

std::shared_ptr<Share> Browser::share(const std::string& session) {
  auto& found = m_shares[session];
  if (!found) found = std::make_shared<Share>();
  return found;
}

std::size_t Browser::tabs_of(const std::string& session) const {
  std::size_t all = 0;
  for (const auto& [key, seat] : m_seats) all += seat->session == session ? seat->tabs.size() : 0;
  return all;
}

std::shared_ptr<Seat> Browser::place(const std::string& session, const std::string& name) {
  auto& seat = m_seats[Seat::key(session, name)];
  if (seat) return seat;
  seat = std::make_shared<Seat>(m_ground.patients, session, name, share(session));
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

// Whatever it waited for, all may be otherwise then: the session has ended, or the browser has, and is up again.
Task<std::shared_ptr<Seat>> Browser::seat(Patience& patience, std::string session, std::string tab) {
  const auto common = share(session);
  for (;;) {
    co_await up(patience);
    common->check();
    const auto mine = meant(session, tab);
    if (wants_back(*mine)) restore(mine);
    if (mine->returning || mine->making) {
      co_await Signal::Next(mine->changed, patience);
      continue;
    }
    if (!mine->context.empty()) co_return mine;
    const Making making(mine);
    co_await make_context(patience, mine);
  }
}

// Events of a browser that has ended do not come any more.
Task<std::shared_ptr<Tab>> Browser::arrived(Patience& patience, std::shared_ptr<Seat> seat, std::string target) {
  const std::string context = seat->context;
  for (;;) {
    const auto at = m_by_target.find(target);
    if (const auto tab = at == m_by_target.end() ? nullptr : at->second.lock()) co_return tab;
    seat->check();
    if (seat->context != context)
      throw berth::Error(503, "browser_gone", "the browser has ended", "it is started again: try again in a moment");
    co_await Signal::Next(m_changed, patience);
  }
}

Task<std::shared_ptr<Tab>> Browser::open(Patience& patience, std::shared_ptr<Seat> seat) {
  const std::string none;
  co_return co_await open_as(patience, seat, none);
}

Task<std::shared_ptr<Tab>> Browser::open_as(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  seat->check();
  if (seat->context.empty())
    throw berth::Error(503, "browser_gone", "the browser has ended", "it is started again: try again in a moment");
  const std::size_t all = tabs_of(seat->session) + seat->share->opening;
  if (id.empty() && all >= m_ground.settings.most_tabs)
    throw berth::Error(429, "too_many_tabs", "the session has " + std::to_string(all) + " tabs, its limit",
                       "close some: DELETE /browser/tabs/{tab}");
  std::shared_ptr<Tab> tab;
  {
    const OneMore opening(seat->share, &Share::opening);
    const std::string target = co_await create(patience, seat, id);
    tab = co_await arrived(patience, seat, target);
  }
  seat->active = tab;
  // Behind all that it was told at its begin: a renderer that was sent away in the middle of that has crashed.
  const Json nothing = with("expression", "0");
  co_await tab->ask(patience, "Runtime.evaluate", nothing);
  co_return tab;
}

Task<std::shared_ptr<Tab>> Browser::tab(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  while (!seat->gone && (seat->returning || (id.empty() && !seat->active && seat->making)))
    co_await Signal::Next(seat->changed, patience);
  seat->check();
  if (id.empty()) {
    if (seat->active) co_return seat->active;
    const Making making(seat);
    co_return co_await open(patience, seat);
  }
  const auto found = seat->find(id);
  if (!found) throw berth::Error(404, "no_tab", "there is no tab " + id, "GET /browser/tabs lists them");
  co_return found;
}

Task<void> Browser::close(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  const auto tab = co_await this->tab(patience, seat, id);
  Json params = with("targetId", tab->names().target);
  co_await Ask(cdp(), patience, the_browser, "Target.closeTarget", params);
  co_await tab->ended(patience);
}

Task<std::shared_ptr<Tab>> Browser::select(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  const auto tab = co_await this->tab(patience, seat, id);
  seat->active = tab;
  co_await tab->ask(patience, "Page.bringToFront", with());
  co_return tab;
}

void Browser::dispose(Seat& seat) {
  if (m_state != State::up || seat.context.empty()) return;
  cdp().send(the_browser, "Target.disposeBrowserContext", with("browserContextId", seat.context));
}

void Browser::forget(const std::string& session) {
  if (m_follower) m_follower->ended(session);
  if (const auto at = m_shares.find(session); at != m_shares.end()) {
    at->second->gone = true;
    at->second->changed.tell();
    m_shares.erase(at);
  }
  for (const auto& one : contexts(session)) forget(one);
  m_chosen.erase(session);
}

void Browser::forget(const std::shared_ptr<Seat>& seat) {
  if (m_follower) m_follower->closed(seat->context);
  m_seats.erase(seat->key());
  seat->gone = true;
  for (const auto& tab : std::exchange(seat->tabs, {})) {
    tab->cdp().forget(tab->names().session, tab->gone());
    tab->lose();
  }
  seat->active.reset();
  sweep(*seat, true);
  seat->folder.reset();
  dispose(*seat);
  seat->changed.tell();
  m_changed.tell();
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

// Not while they are put back: a part of them is not all.
Errand Browser::keep_cookies(std::shared_ptr<Seat> seat) {
  if (seat->returning || seat->making) co_return;
  Patience patience(m_ground.patients, cookie_time);
  const std::string context = seat->context;
  try {
    const Json params = with("browserContextId", context);
    const Json found = co_await Ask(cdp(), patience, the_browser, "Storage.getCookies", params);
    const Json& cookies = part(found, "cookies");
    if (cookies.is_array() && seat->context == context && !seat->returning) seat->cookies = cookies;
  } catch (const berth::Error&) {
    co_return;  // what was kept before stays
  }
}

}  // namespace browser

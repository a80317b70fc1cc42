// A session's context and its tabs, brought back in the next browser. Each part has a try of its own: what fails costs
// the others nothing, and tabs that are not back yet are kept for the next try.
#include <algorithm>
#include <optional>
#include <vector>

#include "browser.hpp"

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr int most_stuck = 3;  // in a row
constexpr int most_tries = 3;  // of one tab, and of one browser for one session
constexpr std::chrono::milliseconds restore_time = 20s, tab_time = 15s, part_time = 5s, again_in = 200ms;

}  // namespace

void Browser::miss(const Seat& seat, const char* what, const berth::Error& why) const {
  m_ground.log.warn("something of a session is not back",
                    {{"session", seat.session}, {"what", what}, {"why", why.message()}});
}

// Its pipe ends before its process does: nobody has been told then, and every ask fails.
bool Browser::ends(const berth::Error& error, std::uint64_t start) const {
  return error.code() == "browser_gone" || m_starts != start || m_state != State::up;
}

Task<void> Browser::make_context(Patience& patience, std::shared_ptr<Seat> seat) {
  Json params = with("disposeOnDetach", true);
  const Json made = co_await Ask(cdp(), patience, the_browser, "Target.createBrowserContext", params);
  const auto alive = m_alive;
  const std::string context = seat->context = text_of(made, "browserContextId");
  std::optional<berth::Error> failed;
  try {
    seat->check();
    co_await make_folder(patience, seat);
    seat->check();
    co_await bring_belongings(patience, seat);
  } catch (const berth::Error& error) {
    failed.emplace(error);
  }
  if (!failed) co_return;
  if (*alive && seat->context == context) dispose(*seat);  // half a context is none: the next one has all
  if (seat->context == context) seat->context.clear();
  if (seat->gone) seat->folder.reset();  // what has come since it was forgotten
  throw berth::Error(*failed);
}

// As long as each part of it may take.
struct Brief : Patience {
  explicit Brief(Patience& of) : Patience(of.among(), std::min(of.left(), part_time)) {}
};

// The browser refuses them all for one that it does not like.
Task<void> Browser::bring_cookies(Patience& patience, std::shared_ptr<Seat> seat) {
  const Json cookies = seat->cookies;
  Json params = with("cookies", cookies, "browserContextId", seat->context);
  try {
    co_await Ask(cdp(), patience, the_browser, "Storage.setCookies", params);
    co_return;
  } catch (const berth::Error& error) {
    if (error.code() != "browser_refused") throw;
    miss(*seat, "cookies", error);
  }
  for (const Json& one : cookies) {
    params["cookies"] = Json::array({one});
    cdp().send(the_browser, "Storage.setCookies", params);
  }
}

Task<void> Browser::bring_belongings(Patience& patience, std::shared_ptr<Seat> seat) {
  const auto mine = m_starts;
  const auto fails = [this, mine, &patience, seat](const char* what, const berth::Error& error) {
    patience.check();
    seat->check();
    if (ends(error, mine)) throw berth::Error(error);
    miss(*seat, what, error);
  };
  try {
    Brief brief(patience);
    if (!seat->permissions.empty()) co_await permit(brief, seat);
  } catch (const berth::Error& error) {
    fails("permissions", error);
  }
  try {
    Brief brief(patience);
    if (!seat->cookies.empty()) co_await bring_cookies(brief, seat);
  } catch (const berth::Error& error) {
    fails("cookies", error);
  }
  try {
    Brief brief(patience);
    co_await put_origins(brief, seat, seat->origins);
  } catch (const berth::Error& error) {
    fails("localStorage", error);
  }
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
Task<void> Browser::open_again(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  const auto mine = m_starts;
  for (int tries = 0; tries < most_tries && !seat->find(id); ++tries) {
    if (tries > 0) co_await Pause(patience, again_in);
    try {
      co_await open_as(patience, seat, id);
    } catch (const berth::Error& error) {
      patience.check();
      seat->check();
      if (ends(error, mine)) throw;
      m_ground.log.warn("a tab is not back yet", {{"tab", id}, {"why", error.message()}});
    }
  }
}

Task<void> Browser::bring_tabs(std::shared_ptr<Seat> seat) {
  const auto kept = seat->kept;
  for (const auto& one : kept) {
    Patience patience(m_ground.patients, tab_time);
    co_await open_again(patience, seat, one.id);
  }
}

// Only when all are there: a window that a page opens counts, and must not take the place of one that is to come.
void Browser::send_back(Seat& seat) {
  for (auto& one : std::exchange(seat.kept, {})) {
    if (const auto tab = seat.find(one.id)) {
      tab->aim(one.url);
      tab->come_back();
      if (one.active) seat.active = tab;
    } else {
      seat.kept.push_back(std::move(one));
    }
  }
}

bool Browser::wants_back(const Seat& seat) const {
  return !seat.kept.empty() && !seat.returning && !seat.making && seat.tries < most_tries;
}

// Tabs have the ids that they had. What cannot be loaded again stays an empty tab: its error is for whoever goes there.
Errand Browser::restore(std::shared_ptr<Seat> seat) {
  const auto alive = m_alive;
  const auto mine = m_starts;
  seat->returning = true;
  bool stuck = false, ended = false;
  try {
    Patience patience(m_ground.patients, restore_time);
    if (seat->tries++ > 0) co_await Pause(patience, again_in);
    if (seat->context.empty()) co_await make_context(patience, seat);
    co_await bring_tabs(seat);
  } catch (const berth::Error& error) {
    stuck = error.code() == "timeout";
    ended = !*alive || ends(error, mine);
    if (*alive) miss(*seat, "tabs", error);
  }
  if (!*alive || ended || m_starts != mine || m_state != State::up) co_return;  // the next browser's matter
  // One that can open no tabs any more, since a process that it needs for that is gone, is of no use to anybody.
  if (stuck && !seat->gone && ++m_stuck <= most_stuck) co_return lose("it does not bring tabs back");
  if (!seat->gone) send_back(*seat);
  if (seat->kept.empty()) m_stuck = 0;
  seat->returning = false;
  seat->changed.tell();
}

}  // namespace browser

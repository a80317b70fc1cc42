// The plugin: its operations, each of which is one errand on its loop, and the one browser.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/events.hpp>
#include <berth/service/process.hpp>

#include <memory>
#include <optional>
#include <string>

#include "browser.hpp"
#include "hands.hpp"
#include "mux.hpp"
#include "snapshot.hpp"

namespace browser {

// What one operation is at.
struct Turn {
  const berth::Call& call;
  Patience& patience;
  std::shared_ptr<Seat> seat;
  const Json& input() const { return call.input(); }
};

class Plugin {
 public:
  using Declaration = berth::Declaration<Plugin>;
  static void declare(Declaration& d);
  explicit Plugin(const berth::Context& context);
  ~Plugin();
  std::optional<std::string> ailment() const { return m_browser->ailment(); }

 private:
  using Step = Task<Json> (Plugin::*)(Turn& turn);
  static void declare_tabs(Declaration& d);
  static void declare_looks(Declaration& d);
  static void declare_hands(Declaration& d);
  static void declare_keys(Declaration& d);
  static void declare_page(Declaration& d);
  static void declare_state(Declaration& d);
  static void declare_cdp(Declaration& d);

  void run(const berth::Call& call, Step step);
  Errand drive(berth::Call call, Step step);
  void status(berth::Call call);
  Task<std::shared_ptr<Tab>> tab(Turn& turn);
  // What an action's answer says: where it has led to, and what the page looks like, if that is wanted.
  Task<Json> outcome(Turn& turn, std::shared_ptr<Tab> tab);
  Task<Json> look(Turn& turn, std::shared_ptr<Tab> tab, std::size_t from, std::size_t most, bool only_changes);

  Task<Json> navigate(Turn& turn);
  Task<Json> back(Turn& turn);
  Task<Json> forward(Turn& turn);
  Task<Json> reload(Turn& turn);
  Task<Json> tabs(Turn& turn);
  Task<Json> new_tab(Turn& turn);
  Task<Json> close_tab(Turn& turn);
  Task<Json> select_tab(Turn& turn);
  Task<Json> snapshot(Turn& turn);
  Task<Json> screenshot(Turn& turn);
  Task<Json> pdf(Turn& turn);
  Task<Json> console(Turn& turn);
  Task<Json> click(Turn& turn);
  Task<Json> hover(Turn& turn);
  Task<Json> drag(Turn& turn);
  Task<Json> scroll(Turn& turn);
  Task<Json> fill(Turn& turn);
  Task<Json> type(Turn& turn);
  Task<Json> press(Turn& turn);
  Task<Json> select(Turn& turn);
  Task<Json> check(Turn& turn);
  Task<Json> wait(Turn& turn);
  Task<Json> evaluate(Turn& turn);
  Task<Json> dialogs(Turn& turn);
  Task<Json> cookies(Turn& turn);
  Task<Json> set_cookies(Turn& turn);
  Task<Json> clear_cookies(Turn& turn);
  Task<Json> found(Turn& turn);

  const berth::Log m_log;
  const berth::Processes m_processes;
  berth::Events m_events;
  std::uint64_t m_ends = 0;  // subscription: sessions that end
  loop::Loop m_loop;
  Patients m_patients;
  const Ground m_ground;
  std::unique_ptr<Browser> m_browser;  // the loop's
  std::unique_ptr<Mux> m_mux;          // the loop's
};

}  // namespace browser

// The plugin: its operations, each of which is one errand on its loop, and the one browser.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/events.hpp>
#include <berth/service/files.hpp>
#include <berth/service/process.hpp>

#include <memory>
#include <optional>
#include <string>

#include "browser.hpp"
#include "files.hpp"
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
  static void declare_network(Declaration& d);
  static void declare_extract(Declaration& d);
  static void declare_files(Declaration& d);
  static void declare_surroundings(Declaration& d);
  static void declare_live(Declaration& d);
  static void declare_paper(Declaration& d);

  void run(const berth::Call& call, Step step, bool by_hand = false);
  Errand drive(berth::Call call, Step step, bool by_hand);
  Task<Json> in_turn(Turn& turn, Step step);
  void status(berth::Call call);
  Task<std::shared_ptr<Tab>> tab(Turn& turn);
  // What an action's answer says: where it has led to, and what the page looks like, if that is wanted.
  Json told(Turn& turn, const std::shared_ptr<Tab>& tab);
  Task<Json> asked(Turn& turn);
  Task<Json> outcome(Turn& turn, std::shared_ptr<Tab> tab);
  Task<Json> look(Turn& turn, std::shared_ptr<Tab> tab, std::size_t from, std::size_t most, bool only_changes);

  // Of the session's workspace.
  Task<std::string> get_file(Turn& turn, std::string path, std::uint64_t most);
  Task<std::string> put_file(Turn& turn, std::string path, std::string bytes);  // answers where the agent sees it

  Task<Json> navigate(Turn& turn);
  Task<Json> back(Turn& turn);
  Task<Json> forward(Turn& turn);
  Task<Json> reload(Turn& turn);
  Task<Json> tabs(Turn& turn);
  Task<Json> contexts(Turn& turn);
  Task<Json> use_context(Turn& turn);
  Task<Json> forget_context(Turn& turn);
  Task<Json> new_tab(Turn& turn);
  Task<Json> close_tab(Turn& turn);
  Task<Json> select_tab(Turn& turn);
  Task<Json> snapshot(Turn& turn);
  Task<Json> screenshot(Turn& turn);
  Task<Json> pdf(Turn& turn);
  struct Served;
  Task<Json> html_to_pdf(Turn& turn);
  Task<void> load_paper(Turn& turn, std::shared_ptr<Page> page, std::shared_ptr<Served> served, std::string url);
  Task<Json> start_trace(Turn& turn);
  Task<Json> stop_trace(Turn& turn);
  Task<Json> save(Turn& turn);
  Task<void> painted(Turn& turn, std::shared_ptr<Tab> tab);
  Task<Json> shot(Turn& turn, std::shared_ptr<Tab> tab, std::string type);
  Task<std::string> picture(Turn& turn, std::shared_ptr<Tab> tab, std::string type);
  Task<std::string> printed(Turn& turn, std::shared_ptr<Tab> tab);
  Task<std::string> as_file(Turn& turn, std::shared_ptr<Tab> tab, std::string ending);
  Task<Json> console(Turn& turn);
  Task<Json> ask_apart(Turn& turn, std::shared_ptr<Tab> tab, const char* function);
  Task<std::string> markdown(Turn& turn, std::shared_ptr<Tab> tab);
  Task<Json> extract(Turn& turn);
  Task<Json> find_text(Turn& turn);
  Task<Json> takers(Turn& turn, std::shared_ptr<Tab> tab);
  Task<Json> upload(Turn& turn);
  Task<Json> downloads(Turn& turn);
  Task<Json> emulate(Turn& turn);
  Task<Json> permissions(Turn& turn);
  Task<Json> login(Turn& turn);
  Task<Json> scripts(Turn& turn);
  Task<Json> take_over(Turn& turn);
  Task<Json> steer(Turn& turn);
  Task<void> steer_once(Turn& turn, std::shared_ptr<Tab> tab, Json event);
  Task<Json> give_back(Turn& turn);
  Task<void> its_turn(Turn& turn, Step step);
  void check_key(const Turn& turn) const;
  void screencast(berth::Call call);
  Errand cast(berth::Call call);
  Task<Json> network(Turn& turn);
  Task<Json> exchange(Turn& turn);
  Task<Json> body_of(Turn& turn, std::shared_ptr<Tab> tab, std::shared_ptr<const Exchange> one);
  Task<Json> har(Turn& turn);
  Task<std::string> har_text(Turn& turn, std::shared_ptr<Tab> tab, bool bodies);
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
  Task<Json> answer_dialog(Turn& turn);
  Task<Json> cookies(Turn& turn);
  Task<Json> set_cookies(Turn& turn);
  Task<void> put_cookies(Turn& turn, Json given);
  Task<Json> clear_cookies(Turn& turn);
  Task<Json> found(Turn& turn);
  Task<Json> save_state(Turn& turn);
  Task<Json> load_state(Turn& turn);

  const berth::Log m_log;
  const berth::Processes m_processes;
  berth::Events m_events;
  const berth::Workspaces m_workspaces;
  const berth::Files m_files;
  Porch m_porch;
  Carrier m_carrier;         // is there until the loop has let go of all that it has
  std::uint64_t m_ends = 0;  // subscription: sessions that end
  loop::Loop m_loop;
  Patients m_patients;
  const Ground m_ground;
  std::unique_ptr<Browser> m_browser;  // the loop's
  std::unique_ptr<Mux> m_mux;          // the loop's
};

// Throws 422 bad_url if nobody goes there.
void check_url(const std::string& url);

// What Page.printToPDF takes, of what an operation was given.
Json print_of(const Json& input);

// As a file that the host sends, whole or in ranges.
void give_file(const berth::Call& call, const std::string& bytes, const char* type, const char* name);

}  // namespace browser

// One tab: what its page says of itself, kept as it is told. On the loop's thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cdp.hpp"
#include "patience.hpp"
#include "screencast.hpp"
#include "task.hpp"
#include "traffic.hpp"

namespace browser {

// A node of a page, as long as it is there: the session of its frame, and its number in there.
struct NodeId {
  std::string session;
  std::int64_t node = 0;
  auto operator<=>(const NodeId&) const = default;
};

// Numbers of elements that stay the same from one snapshot to the next: "e12".
class Refs {
 public:
  std::string of(const NodeId& node);
  std::optional<NodeId> find(const std::string& ref) const;
  void clear();  // the page is another one; numbers are not used again

 private:
  std::map<NodeId, std::uint64_t> m_numbers;
  std::map<std::uint64_t, NodeId> m_nodes;
  std::uint64_t m_last = 0;
};

struct Said {  // on a page's console, or by a dialog
  std::uint64_t number = 0;
  std::string kind, text, where;
};

std::string shortened(std::string text);  // whole characters, and not too many

struct Asking {  // a dialog that is held until somebody answers it
  std::string session, kind, text, otherwise;
};

struct Chooser {  // a page asks for files
  std::string session;
  std::int64_t node = 0;
  bool many = false;
};

struct Window {  // as it is unless somebody wishes another one
  int width = 0, height = 0;
  std::string user_agent;
};

struct Seat;

class Tab : public std::enable_shared_from_this<Tab> {
 public:
  struct Names {
    std::string id;  // "t1"
    std::string target, session, opener;
  };
  Tab(std::shared_ptr<Cdp> cdp, Names names, std::weak_ptr<Seat> seat);

  void begin(const Window& window);  // tells the browser what is to be heard
  // What its session wishes has changed.
  void emulate();
  void guard_logins();
  Errand begin_scripts();
  void event(const std::string& session, const std::string& method, const Json& params);
  void describe(const Json& target_info);
  void adopt(const std::string& session, const Json& target_info);  // a frame that has a process of its own
  void lose();                                                      // its renderer, or itself, is gone
  bool lost() const { return m_lost; }
  bool crashed() const { return m_crashed; }

  const Names& names() const { return m_names; }
  const std::string& url() const { return m_url; }
  // Where it was last, or is on its way to as it comes back: when it crashes, its address is soon an empty page's.
  void aim(std::string url) { m_aim = std::move(url); }
  Errand come_back();  // goes there
  const std::string& kept_url() const { return m_aim.empty() ? m_url : m_aim; }
  const std::string& title() const { return m_title; }
  const std::string& loader() const { return m_loader; }  // the page's name
  bool has_frame(const std::string& frame) const { return m_all_frames.contains(frame); }
  std::set<std::string> all_frames() const;  // its own, and those within it, in whatever process
  std::optional<Chooser> take_chooser() { return std::exchange(m_chooser, std::nullopt); }
  const std::optional<Chooser>& chooser() const { return m_chooser; }
  // Somebody's mouse and keys, as long as this is there.
  class Hands {
   public:
    explicit Hands(std::shared_ptr<Tab> of) : m_tab(std::move(of)) { m_tab->m_hands_busy = true; }
    Hands(const Hands&) = delete;
    ~Hands() {
      m_tab->m_hands_busy = false;
      m_tab->m_changed.tell();
    }

   private:
    const std::shared_ptr<Tab> m_tab;
  };
  bool hands_busy() const { return m_hands_busy; }
  bool tracing() const { return m_tracing; }
  void begin_trace() {
    m_tracing = true;
    m_trace.clear();
  }
  const std::string& trace() const { return m_trace; }  // where it can be read, once it is whole
  std::string take_trace() {
    m_tracing = false;
    return std::exchange(m_trace, {});
  }
  Cdp& cdp() const { return *m_cdp; }
  const std::shared_ptr<Cdp>& wire() const { return m_cdp; }
  Screencast& screencast(loop::Loop& loop);
  Refs& refs() { return m_refs; }
  Task<void> change(Patience& patience);  // waits for the next one; throws if it is lost
  Task<void> ended(Patience& patience);   // waits until it is lost
  berth::Error gone() const;              // why nothing can be asked of it any more
  // Sessions of its frames that have a process of their own, by frame.
  const std::map<std::string, std::string>& frames() const { return m_frames; }
  const Traffic& traffic() const { return m_traffic; }
  const std::deque<Said>& console() const { return m_console; }
  std::vector<std::string>& seen() { return m_seen; }  // lines of the last snapshot
  std::vector<Said> take_dialogs() { return std::exchange(m_dialogs, {}); }
  void answer_dialogs(bool accept, std::string text);
  void hold_dialogs() { m_hold = true; }
  const std::optional<Asking>& asking() const { return m_asking; }
  // Answers the one that is held. Throws 409 no_dialog.
  Task<void> answer_dialog(Patience& patience, bool accept, std::string text);

  Task<Json> ask(Patience& patience, const char* method, Json params);
  // Goes to `url`, and waits for `until`: "commit", "domcontentloaded", "load", "networkidle".
  Task<void> go(Patience& patience, std::string url, std::string until);
  Task<void> step(Patience& patience, int by, std::string until);  // in its history
  Task<void> reload(Patience& patience, std::string until);
  // Its URL and title as they are now; asked of the browser, so a page that hangs hangs nobody.
  Task<void> refresh(Patience& patience);
  // What an action has set off: if the page is leaving, for the next one, for a while.
  Task<void> settle(Patience& patience);
  Task<void> wait_for(Patience& patience, std::string until);
  Task<Json> evaluate(Patience& patience, std::string expression);

 private:
  Task<void> quiet(Patience& patience);
  void on_lifecycle(const Json& params);
  void on_dialog(const std::string& session, const Json& params);
  void on_console(const std::string& kind, const Json& arguments, const std::string& where);
  void listen(const std::string& session);
  void tell_surroundings(const std::string& session);
  void guard_logins_in(const std::string& session);
  void on_held(const std::string& session, const std::string& method, const Json& params);
  void crash();
  void on_page(const Json& frame);
  void begin_page(const std::string& loader);

  const std::shared_ptr<Cdp> m_cdp;  // of the browser that it is in, which may have ended
  const Names m_names;
  const std::weak_ptr<Seat> m_seat;
  std::string m_url, m_title, m_main, m_loader;
  std::map<std::string, std::string> m_frames;             // by frame: its session
  std::set<std::string> m_all_frames;                      // those within it
  std::map<std::string, std::set<std::string>> m_reached;  // by page: of its life, "load", …
  bool m_loading = false, m_leaving = false, m_lost = false, m_crashed = false;
  Patience::Clock::time_point m_last_crash{};
  bool m_accept = false;
  std::optional<std::string> m_prompt;
  bool m_hold = false;
  std::optional<Asking> m_asking;
  int m_in_a_row = 0;  // dialogs, close together
  Patience::Clock::time_point m_last_dialog{};
  bool m_hands_busy = false, m_tracing = false;
  std::string m_trace, m_aim;
  std::uint64_t m_returns = 0;  // how often it has set out to come back
  Window m_window;
  std::unique_ptr<Screencast> m_screencast;
  bool m_guards = false;
  std::set<std::string> m_tried;  // requests that were given a login
  std::vector<std::string> m_scripts;
  Traffic m_traffic;
  std::optional<Chooser> m_chooser;
  Refs m_refs;
  Signal m_changed;
  std::vector<std::string> m_seen;
  std::deque<Said> m_console;
  std::uint64_t m_said = 0;
  std::vector<Said> m_dialogs;
};

}  // namespace browser

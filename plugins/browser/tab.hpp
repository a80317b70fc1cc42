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
#include "task.hpp"

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

class Tab : public std::enable_shared_from_this<Tab> {
 public:
  struct Names {
    std::string id;  // "t1"
    std::string target, session, opener;
  };
  Tab(std::shared_ptr<Cdp> cdp, Names names);

  void begin(int width, int height);  // tells the browser what is to be heard
  void event(const std::string& session, const std::string& method, const Json& params);
  void describe(const Json& target_info);
  void adopt(const std::string& session, const Json& target_info);  // a frame that has a process of its own
  void lose();                                                      // its renderer, or itself, is gone
  bool lost() const { return m_lost; }
  bool crashed() const { return m_crashed; }

  const Names& names() const { return m_names; }
  const std::string& url() const { return m_url; }
  const std::string& title() const { return m_title; }
  bool loading() const { return m_loading; }
  Cdp& cdp() const { return *m_cdp; }
  Refs& refs() { return m_refs; }
  Signal& changed() { return m_changed; }
  // Sessions of its frames that have a process of their own, by frame.
  const std::map<std::string, std::string>& frames() const { return m_frames; }
  const std::deque<Said>& console() const { return m_console; }
  std::vector<std::string>& seen() { return m_seen; }  // lines of the last snapshot
  std::vector<Said> take_dialogs() { return std::exchange(m_dialogs, {}); }
  void answer_dialogs(bool accept, std::string text);

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
  void on_lifecycle(const Json& params);
  void on_dialog(const std::string& session, const Json& params);
  void on_console(const std::string& kind, const Json& arguments, const std::string& where);
  void listen(const std::string& session);
  void crash();
  void begin_page(const std::string& loader);

  const std::shared_ptr<Cdp> m_cdp;  // of the browser that it is in, which may have ended
  const Names m_names;
  std::string m_url, m_title, m_main, m_loader;
  std::map<std::string, std::string> m_frames;             // by frame: its session
  std::map<std::string, std::set<std::string>> m_reached;  // by page: of its life, "load", …
  bool m_loading = false, m_leaving = false, m_lost = false, m_crashed = false;
  Patience::Clock::time_point m_last_crash{};
  bool m_accept = false;
  std::optional<std::string> m_prompt;
  Refs m_refs;
  Signal m_changed;
  std::vector<std::string> m_seen;
  std::deque<Said> m_console;
  std::uint64_t m_said = 0;
  std::vector<Said> m_dialogs;
};

}  // namespace browser

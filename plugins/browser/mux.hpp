// The multiplexer: clients that speak the protocol (Playwright, Puppeteer) share the one browser, and each of them sees
// a browser that holds its session's context and what it has made itself. On the loop's thread, but for join().
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include "browser.hpp"
#include "follower.hpp"
#include "mux_client.hpp"

namespace browser {

class Mux : public Follower {
 public:
  static constexpr std::size_t most_clients = 1000, most_of_a_session = 200;
  static constexpr std::size_t most_contexts = 20;         // of a session, beside its own
  static constexpr std::size_t most_waiting = 128u << 20;  // bytes for all clients together
  static constexpr std::size_t most_unsent = 128u << 20;   // bytes that the browser has not read
  static constexpr std::chrono::seconds command_time{30};  // what a client's command may take that is done here
  Mux(const Ground& ground, Browser& browser) : m_ground(ground), m_browser(browser) {}
  void end();  // all clients go; its browser is still there

  // A call of kind socket. `target`: the page that it wants to speak with; empty: the browser. Any thread.
  void join(const berth::Call& call, const std::string& target);
  Json pages_of(const Seat& seat) const;
  std::size_t clients() const { return m_clients.size(); }

  bool message(const Envelope& message) override;
  void target(const std::string& method, const Json& params) override;
  void lost(const std::string& why) override;
  void closed(const std::string& context) override;
  void ended(const std::string& session) override;

 private:
  using Of = std::shared_ptr<Client>;
  enum class Note { none, stream, window, dialog };  // what is looked for in an answer
  struct Asked {
    Of client;
    std::string id, line;  // as the client said them
    Note note = Note::none;
  };
  struct Command {
    std::string id, line, method;  // `line`: the browser's name of it
    Json params;
  };

  // Coming and going (mux.cpp)
  Errand enter(Of client, std::string target);
  Task<void> open_base(Patience& patience, Of client, std::string target);
  void leave(const Of& client, unsigned code, const std::string& why);
  void tell(const Of& client, std::string text);
  void make_room();

  // What clients say (mux_commands.cpp)
  void hear(const Of& client, const std::string& text);
  void judge(const Of& client, Command command);
  void pass(const Of& client, const Command& command, const std::string& by);
  Reach reach_of(const Of& client) const;
  void answer(const Of& client, const Command& command, const Json& result);
  void refuse(const Of& client, const Command& command, const std::string& words);

  // What the browser says (mux_events.cpp)
  bool answered(const Envelope& message);
  void note(const Asked& asked, const Envelope& message);
  void attached(const Of& client, const std::string& parent, const Json& params);
  void detached(const Of& client, const std::string& line);
  void happened(const Of& client, const Envelope& message);

  // Targets (mux_targets.cpp)
  bool sees(const Client& client, const Json& info) const;
  bool sees(const Client& client, const std::string& target) const;
  std::set<std::string> contexts_of(const std::string& session) const;
  std::size_t pages(const Seat& seat) const;
  void appear(const Of& client, const Json& info);
  void do_for(const Of& client, Command command);
  void discover(const Of& client, const Command& command);
  Json told_of(const Client& client, const Command& command) const;
  Errand attach_by_itself(Of client, Command command);
  Errand create_target(Of client, Command command);
  Errand create_context(Of client, Command command);
  Errand dispose_context(Of client, Command command);
  Task<std::string> new_page(Patience& patience, Of client, Json params);
  void end_by_client(const Of& client, const Command& command);
  void downloads(const Of& client, Command command);

  const Ground& m_ground;
  Browser& m_browser;
  std::atomic<std::size_t> m_joined{0};
  const Unheard::Count m_unheard = std::make_shared<std::atomic<std::size_t>>(0);
  std::set<Of> m_clients;
  std::unordered_map<std::string, Of> m_lines;
  std::unordered_map<std::uint64_t, Asked> m_asked;
  std::map<std::string, Json> m_targets;
};

}  // namespace browser

// Scripts that clients want to have run: looked at first, run once somebody has said yes, and told of afterwards.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "message.hpp"

namespace mcp {

class Run;

// Within one session of Berth's; its id is known to whoever was told it.
class Scripts {
 public:
  using Clock = std::chrono::steady_clock;

  // The step `verb` of a tool: "script.keep", ".find", ".take", ".end", ".reject", and ".said": how often somebody has
  // said something of it. Throws what its client is to read.
  Json step(const std::string& verb, const Json& input, const std::string& seat, const Run* run);
  Json approve(const std::string& id, const std::string& seat, bool yes, const std::string& why = {});
  // The yes of a client that was asked when so much was `said`: it is none to what somebody has said since then.
  Json agree(const std::string& id, const std::string& seat, const Json& said);
  Json list(const std::string& seat) const;

  void left(const Run* run);  // it will not say how its script ended
  void forget(Clock::time_point now);
  void forget_session(const std::string& seat);

 private:
  struct Script {
    std::string seat, type, text, about, state = "waiting", why;
    bool read_only = false;
    int said = 0;
    const Run* run = nullptr;  // that runs it
    Json result;
    Clock::time_point until;
  };
  Script& find(const std::string& id, const std::string& seat);
  std::string keep(const Json& input, const std::string& seat);
  static Json shown(const std::string& id, const Script& script, bool whole);

  std::map<std::string, Script> m_all;
};

}  // namespace mcp

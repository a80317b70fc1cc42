// The session that a client of a revision before 2026-07-28 has with the host. Over stdio it cannot lose one, so when
// the host has lost it, it is opened again with what the client said at its beginning.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

#include "command/mcp_message.hpp"

namespace berth::command {

class McpSession {
 public:
  struct Now {
    std::string id, version;
    Fields fields() const;
  };

  void begin(std::string initialize);  // the client's: what comes after it waits until it is opened or has failed
  // The host knows that one no more. True: to be opened again by the caller, and all others wait for that.
  bool begin_again(const std::string& lost);
  void opened(Now now);
  void failed();
  Now wait();
  std::string version();  // that was agreed to; empty while it is being opened
  std::string initialize();
  void end();  // nobody waits any more

 private:
  std::mutex m_lock;
  std::condition_variable m_changed;
  std::string m_initialize;
  Now m_now;
  bool m_opening = false, m_ended = false;
};

}  // namespace berth::command

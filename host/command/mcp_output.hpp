// Standard output of `berth mcp`: a message a line, from several threads, and nothing else. Who puts waits until there
// is room, so what a client does not read is kept by the host, which knows its bounds.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>

#include "service/unique_fd.hpp"

namespace berth::command {

class McpOutput {
 public:
  // Once the client has hung up on `input`, who waits for room does so for `linger` and no longer: then it ended.
  McpOutput(int fd, int input, std::chrono::milliseconds linger);

  bool put(const std::string& message);           // false: it ended, or nobody reads there any more
  void wait_for_reader();                         // returns once nobody waits for room
  void end();                                     // whoever waits gives up; also from a handler of signals
  int ended_fd() const { return m_ended.get(); }  // can be read once it ended
  bool ended() const { return m_is_ended; }
  bool lost() const { return m_lost; }

 private:
  bool write(std::string_view bytes);
  bool wait_for_room();

  const int m_fd, m_input;
  const std::chrono::milliseconds m_linger;
  service::UniqueFd m_ended;
  std::mutex m_lock;
  std::atomic<bool> m_is_ended = false, m_lost = false;
};

}  // namespace berth::command

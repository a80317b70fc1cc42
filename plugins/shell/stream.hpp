// What a command writes, as events for a client that may read slowly, or not at all.
#pragma once

#include <berth/call.hpp>
#include <berth/output.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <string_view>

namespace shell {

class Stream {
 public:
  static constexpr std::size_t most_waiting = 1u << 20;  // bytes, once nothing holds the command back any more
  explicit Stream(const berth::Call& call) : m_call(call) {}

  void begin() { push({{"status", "running"}}, "status", 0); }
  // Serialised with the plugin's calls. Flow::full: no more until drained() says true. Flow::gone: nobody reads it.
  berth::Flow add(bool out, std::string_view bytes);
  bool drained();
  void end(berth::Json last);
  void fail(const berth::Error& why);
  void leave();  // any thread: nothing is told any more

 private:
  void push(berth::Json data, const char* event, std::size_t bytes);
  void text(bool out, std::string_view text);
  void flush();

  struct Waiting {
    berth::Json data;
    const char* event;
    std::size_t bytes;
  };
  const berth::Call m_call;
  berth::Whole m_out, m_err;
  std::deque<Waiting> m_waiting;
  std::size_t m_bytes = 0;  // of those that wait
  bool m_full = false, m_left_out = false, m_over = false;
  std::atomic<bool> m_gone{false};
};

}  // namespace shell

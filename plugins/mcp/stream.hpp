// Where the messages of one request go: one answer, or server-sent events of which the answer is the last. Of clients
// that may come back (up to 2025-11-25) it keeps what it has sent, under ids of its own.
#pragma once

#include <berth/call.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "message.hpp"

namespace mcp {

// All calls into it hold the lock, which is the plugin's one.
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  using Lock = std::recursive_mutex;
  struct Style {
    std::uint64_t number = 0;  // 0: no ids, and nothing is kept
    bool primed = false;       // begins with an event that has only an id (2025-11-25)
    bool shared = false;       // of many requests (HTTP+SSE, 2024-11-05): no answer is its end
    std::size_t awaited = 1;   // answers, the last of which is its end
  };
  using Clock = std::chrono::steady_clock;
  Stream(Lock& lock, Style style) : m_lock(lock), m_style(style), m_awaited(style.awaited) {}

  void attach(berth::Call call);                       // first, or once it is let go of
  void resume(berth::Call call, std::uint64_t after);  // a client that comes back, and what it knows
  void when_left(std::function<void()> then) { m_when_left = std::move(then); }

  void open();                     // events from now on
  void send(const Json& message);  // a notification or a request: opens it
  void event(const std::string& name, const std::string& data);
  void answer(std::string message, int status = 200);  // of its request, or of one of them
  void end();                                          // without one
  void close();                                        // any
  void let_go(int retry_ms);                           // the client is to come back for the rest
  void beat();                                         // a comment, if it is open and quiet

  std::uint64_t number() const { return m_style.number; }
  bool shared() const { return m_style.shared; }
  bool attached() const { return m_call.has_value(); }
  Clock::time_point alone_since() const { return m_alone_since; }  // if it is not attached
  bool opened() const { return m_opened; }
  bool ended() const { return m_ended; }

 private:
  struct Kept {
    std::uint64_t id;
    std::string text;
  };
  void put(const std::string& data, const char* name = "message");
  void give(std::string text);
  void flush();
  void finish();
  void cut_off();
  void gone();

  Lock& m_lock;
  const Style m_style;
  std::function<void()> m_when_left;
  std::optional<berth::Call> m_call;
  std::deque<Kept> m_kept;
  std::size_t m_kept_bytes = 0;
  std::deque<std::string> m_waiting;  // for the client to read on
  std::size_t m_waiting_bytes = 0;
  std::size_t m_awaited;
  std::uint64_t m_last_id = 0;
  Clock::time_point m_alone_since = Clock::now();
  bool m_opened = false, m_full = false, m_ended = false, m_busy = false, m_quiet = false;
};

}  // namespace mcp

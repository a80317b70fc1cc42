// What a command writes, as events for a client that may read slowly, or not at all.
#pragma once

#include <berth/call.hpp>
#include <berth/output.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "run.hpp"

namespace shell {

class Stream : public std::enable_shared_from_this<Stream> {
 public:
  static constexpr std::size_t most_waiting = 1u << 20;  // bytes, once nothing holds the command back any more
  // What is left out goes into files of the session's workspace.
  Stream(const berth::Call& call, const Tools& tools, const std::string& session, const std::string& name)
      : m_call(call),
        m_tools(tools),
        m_out{"stdout", tools.spiller.spill(session, name, "stdout")},
        m_err{"stderr", tools.spiller.spill(session, name, "stderr")} {}

  void begin() { push({{"status", "running"}}, "status", 0); }
  // Serialised with the plugin's calls. Flow::full: no more until drained() says true. Flow::gone: nobody reads it.
  berth::Flow add(bool out, std::string_view bytes);
  bool drained();
  void end(berth::Json last);
  void fail(const berth::Error& why);
  void leave();  // any thread: nothing is told any more

 private:
  struct Source {
    const char* name;
    std::shared_ptr<berth::Spill> spill;
    berth::Whole whole = {};
    std::uint64_t left_out = 0;  // bytes: from some moment on, all
  };
  void push(berth::Json data, const char* event, std::size_t bytes);
  void text(Source& from, const std::string& text);
  void tell_left_out(const Source& from);
  void finish(const berth::Json& last);
  void flush();

  struct Waiting {
    berth::Json data;
    const char* event;
    std::size_t bytes;
  };
  const berth::Call m_call;
  const Tools& m_tools;
  Source m_out, m_err;
  std::deque<Waiting> m_waiting;
  std::size_t m_bytes = 0;  // of those that wait
  bool m_full = false, m_over = false;
  std::atomic<bool> m_gone{false};
};

}  // namespace shell

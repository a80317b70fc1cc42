// The Chrome DevTools Protocol over a pair of pipes: messages with ids, each ended by a zero byte; answers for those
// who asked, and events. On the loop's thread.
#pragma once

#include <berth/call.hpp>
#include <berth/fd.hpp>
#include <berth/json_part.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "envelope.hpp"
#include "patience.hpp"

namespace browser {

using berth::Json;

// An object, without the braces that a coroutine of g++ 12 cannot have: with("url", url, "flatten", true).
inline Json with() { return Json::object(); }
template <class Value, class... Rest>
Json with(const char* name, Value&& value, Rest&&... rest) {
  Json all = with(std::forward<Rest>(rest)...);
  all[name] = std::forward<Value>(value);
  return all;
}
// What a browser says is never trusted to be as expected.
using berth::number_of;
using berth::part;
using berth::text_of;

class Cdp {
 public:
  struct Ears {
    std::function<void(const std::string& session, const std::string& method, const Json& params)> event;
    std::function<void(const std::string& why)> closed;  // once; nothing is heard or sent any more
    // Hears everything first, as it came. True: it was for whoever this is.
    std::function<bool(const Envelope&)> first = {};
  };
  // `to`: what the browser reads; `from`: what it writes.
  Cdp(loop::Loop& loop, berth::Fd to, berth::Fd from, Ears ears);
  void end();  // nothing is heard or sent any more, nor is that told

  // Throws what the browser answers: 502 browser_refused, with its words.
  void begin(Wait<Json>& wait, const std::string& session, const char* method, const Json& params);
  void send(const std::string& session, const char* method, const Json& params);  // nobody wants the answer
  // The answer is heard by `first` alone, under the id that this returns.
  std::uint64_t pass(const std::string& session, const std::string& method, const Json& params);
  std::size_t unsent() const { return m_out.size() - m_sent; }  // bytes that the browser has not read
  // Whoever waits for an answer of that session is told so; empty: of any.
  void forget(const std::string& session, const berth::Error& why);

 private:
  struct Asked {
    Wait<Json>* wait;
    std::shared_ptr<bool> alive;
    std::string session;
    const char* method;
  };
  void put(std::uint64_t id, const std::string& session, std::string_view method, const Json& params);
  void flush();
  void read();
  void take(std::string_view message);
  void answer(std::uint64_t id, const Json& message);
  void answer_unread(std::string_view text);
  void skip_the_rest();
  void close(const std::string& why);

  const Ears m_ears;
  loop::Watched m_to, m_from;
  std::string m_out, m_in, m_block;  // the last: where each read puts what it gets
  std::size_t m_sent = 0;            // of m_out
  bool m_writing = false, m_closed = false;
  bool m_skipping = false;  // until the end of a message
  std::uint64_t m_last = 0;
  std::unordered_map<std::uint64_t, Asked> m_asked;
};

inline const std::string the_browser;  // the session of what is asked of none of its pages

// co_await Ask(cdp, patience, session, "Page.enable", with(…)).
class Ask {
 public:
  Ask(Cdp& cdp, Patience& patience, const std::string& session, const char* method, const Json& params = with())
      : m_wait(patience) {
    if (!m_wait.over()) cdp.begin(m_wait, session, method, params);
  }
  bool await_ready() const { return m_wait.await_ready(); }
  void await_suspend(std::coroutine_handle<> who) { m_wait.await_suspend(who); }
  Json await_resume() { return m_wait.await_resume(); }

 private:
  Wait<Json> m_wait;
};

}  // namespace browser

// One client of the multiplexer: its socket, what waits for it there, and what of the browser is its own. On the loop's
// thread, but for what it hears from its socket.
#pragma once

#include <berth/call.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "mux_rules.hpp"
#include "patience.hpp"
#include "seat.hpp"

namespace browser {

// A session of the protocol that belongs to a client: with the whole browser, or with one target.
struct Line {
  std::string name;    // the browser's; unique in it
  std::string parent;  // the one that it was attached by
  std::string target;  // empty: the whole browser
  bool discovers = false, attaches = false;
  Json discovered, attached;                     // filters: which targets
  std::map<std::string, std::string> by_itself;  // what was attached to because of `attaches`: target, line
  bool whole() const { return target.empty(); }
};

// What clients have said and nobody has looked at: it counts as long as it is there. Any thread.
class Unheard {
 public:
  using Count = std::shared_ptr<std::atomic<std::size_t>>;  // bytes
  static constexpr std::size_t most_of_one = 64u << 20, most_of_all = 128u << 20;
  Unheard(std::string text, Count of_client, Count of_all)
      : m_text(std::move(text)),
        m_one(std::move(of_client)),
        m_all(std::move(of_all)),
        m_of_one(*m_one += m_text.size()),
        m_of_all(*m_all += m_text.size()) {}
  Unheard(const Unheard&) = delete;
  ~Unheard() {
    *m_one -= m_text.size();
    *m_all -= m_text.size();
  }
  const std::string& text() const { return m_text; }
  bool fits() const { return m_of_one <= most_of_one && m_of_all <= most_of_all; }

 private:
  const std::string m_text;
  const Count m_one, m_all;
  const std::size_t m_of_one, m_of_all;  // with it
};

class Client {
 public:
  static constexpr std::size_t most_waiting = 32u << 20;  // bytes, before those of the last message
  static constexpr std::size_t most_asked = 10'000;

  explicit Client(berth::Call call) : m_call(std::move(call)), session(m_call.session()) {}
  const berth::Call& call() const { return m_call; }

  // False: it has left, or it does not read and too much waits for it already.
  bool give(std::string text);
  bool drained();  // as give()
  std::size_t waiting() const { return m_waiting; }
  // As its messages name a line: its base has no name.
  std::string shown(const std::string& line) const { return line == base ? std::string() : line; }

 private:
  bool push(const std::string& text);
  const berth::Call m_call;
  std::deque<std::string> m_queue;
  std::size_t m_waiting = 0;
  bool m_full = false;

 public:
  const std::string session;  // Berth's
  std::shared_ptr<Seat> seat;
  std::string root;  // its line with the browser: whatever it has ends with that
  std::string base;  // the line that it means where it names none: that one, or one with a page
  std::map<std::string, Line> lines;
  std::set<std::string> contexts;  // that it made
  std::set<std::string> windows, streams;
  std::deque<std::shared_ptr<const Unheard>> early;   // commands from before it was let in
  std::size_t asked = 0;                              // commands that are not answered yet
  std::size_t making_pages = 0, making_contexts = 0;  // which count already
  bool ready = false, gone = false;
  Signal changed;
  std::chrono::steady_clock::time_point noted{};
  const Unheard::Count unheard = std::make_shared<std::atomic<std::size_t>>(0);
};

// One more, as long as this is there.
class Counted {
 public:
  explicit Counted(std::size_t& count) : m_count(++count) {}
  Counted(const Counted&) = delete;
  ~Counted() { --m_count; }

 private:
  std::size_t& m_count;
};

// What a client is told. `id` and `body` are JSON, `line` is as it is shown to the client.
std::string answer_text(const std::string& id, std::string_view body, const std::string& line);
std::string refusal_text(const std::string& id, const std::string& words, const std::string& line, int code = -32000);
std::string event_text(std::string_view method, std::string_view body, const std::string& line);

// How deep JSON nests, texts left out: what nests too deep is not read at all.
std::size_t depth_of(std::string_view text);

}  // namespace browser

// One output for several viewers. Whoever comes is given the history first. The quickest says how fast it goes: who
// cannot follow misses a part, and holds up nobody.
#pragma once

#include <berth/call.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "history.hpp"
#include "replay.hpp"

namespace shell {

class Broadcast {
 public:
  struct Viewer {
    std::function<berth::Flow(std::string_view text)> send;
    std::uint64_t place = 0;  // up to which it was given
    std::uint64_t past = 0;   // up to which it was there before: what asks something there has been answered
    Replay replay = {};
    bool full = false;
    std::atomic<bool> gone{false};  // any thread
  };
  explicit Broadcast(std::size_t most) : m_history(most) {}

  // False: all who look are behind, so the output should wait until one of them was drained or is gone.
  bool add(std::string_view bytes);
  std::shared_ptr<Viewer> join(std::function<berth::Flow(std::string_view text)> send);
  void show(Viewer& viewer);  // what it has not been given yet
  void drained(Viewer& viewer);
  void end();  // nothing more comes: what is left is told, whole or not
  bool told(const Viewer& viewer) const { return viewer.place == m_history.end(); }

  std::size_t viewers();
  std::string text() const;  // the history, up to its last whole character
  std::uint64_t total() const { return m_history.end(); }

 private:
  bool waits();
  void tidy();
  std::uint64_t whole_end() const;
  std::string next(Viewer& viewer) const;
  History m_history;
  std::vector<std::shared_ptr<Viewer>> m_viewers;
  bool m_over = false;
};

}  // namespace shell

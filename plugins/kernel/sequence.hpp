// Puts what comes out of a worker's two pipes and its socket into one order: the rules are those of python/README.md.
// It is fed in rounds: pipes, socket, pipes again, then take().
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "frames.hpp"
#include "marks.hpp"

namespace kernel {

// One thing that came of a worker: text of one of its streams, or an event.
struct Told {
  enum class What { out, err, event };
  What what = What::event;
  std::string text = {};
  FrameReader::Frame frame = {};
};

class Sequence {
 public:
  static constexpr std::size_t most_events = 20'000;  // that wait for what was written before them
  static constexpr int most_rounds = 64;              // that they wait
  static constexpr std::size_t most_bytes = 2 * FrameReader::largest;

  explicit Sequence(const std::string& token) : m_marks{MarkReader(token), MarkReader(token)} {}

  // `late`: read after the socket.
  void piece(std::size_t pipe, std::string_view bytes, bool late);
  void event(FrameReader::Frame frame);
  // What can be told. `drained`: of each pipe, whether it had nothing more to read when it was read last; `ended`: the
  // worker is gone, and this is all.
  std::vector<Told> take(std::array<bool, 2> drained, bool ended);
  // True after take(): some of it waits; another round would tell.
  bool holds() const { return !m_early.empty() || !m_events.empty(); }
  // More waits than any worker would let wait.
  bool overfull() const { return m_events.size() > most_events || m_event_bytes > most_bytes; }

 private:
  struct Item {
    std::uint64_t number = 0;
    bool piece = false;
    Told told;
  };
  std::uint64_t limit(std::array<bool, 2> drained, bool ended);
  void flush_rests(std::array<bool, 2> drained);

  std::array<MarkReader, 2> m_marks;
  std::vector<Item> m_early, m_late, m_events;
  std::uint64_t m_last = 0;  // of events
  std::size_t m_event_bytes = 0;
  int m_rounds_held = 0;
};

}  // namespace kernel

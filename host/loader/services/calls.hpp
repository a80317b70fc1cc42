// berth.calls/1, on the plugin's side: its open calls, who hears them, and what waits because it said that it was full.
#pragma once

#include <berth/service/calls.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "loader/services/note.hpp"

namespace berth::loader {

class Lent;

class CallsLent {
 public:
  explicit CallsLent(const Lent& lent) : m_lent(lent) {}

  std::uint64_t start(const berth_ask* ask, const berth_ears* ears, void* with);
  void resume(std::uint64_t number);
  void cancel(std::uint64_t number);
  void hear(Note note);  // I/O thread
  void end();            // nobody is given anything any more; any thread

 private:
  struct Open {
    const berth_ears* ears = nullptr;
    void* with = nullptr;
    bool full = false;
    std::uint64_t owed = 0;  // weight of what it has, and the host was not told so
    std::deque<Note> waiting;
  };
  void take(std::uint64_t number, Note note);
  void deliver(std::uint64_t number);
  bool give(const Open& open, std::uint64_t number, Note& note);
  bool give_chunk(const Open& open, std::uint64_t number, const Note& note);
  void pay(std::uint64_t number, std::uint64_t weight) const;

  const Lent& m_lent;
  std::mutex m_mutex;  // guards what follows
  std::map<std::uint64_t, Open> m_open;
  std::uint64_t m_last = 0;
};

}  // namespace berth::loader

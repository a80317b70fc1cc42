// Threads that do a part of what a thread of a call's own has to do, where processors would be idle otherwise. They are
// few, whatever is asked of the plugin: so nobody waits for their help, and they go round among all that want it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>
#include <thread>

#include "line_scan.hpp"

namespace workspace {

// What others may do a part of. Both are called by any thread, and throw nothing.
class Shareable {
 public:
  virtual bool has_parts() const = 0;  // is there one that nobody does? Must not wait
  virtual void do_part(Room& room) = 0;

 protected:
  ~Shareable() = default;
};

class Helpers {
 public:
  explicit Helpers(std::size_t most) : m_most(most) {}
  ~Helpers();  // nobody shares any more by then
  Helpers(const Helpers&) = delete;
  // As many as there are processors beside the caller's own, within reason.
  static std::size_t usual();
  std::size_t most() const { return m_most; }

  // From its begin to its end helpers do parts of something; the end waits for those that do one.
  class Sharing {
   public:
    Sharing(Helpers& helpers, Shareable& work);
    ~Sharing();
    Sharing(const Sharing&) = delete;
    void call();  // there are parts that nobody does

   private:
    friend class Helpers;
    Helpers& m_helpers;
    Shareable& m_work;
    std::size_t m_inside = 0;  // helpers; guarded by theirs
  };

 private:
  void run();
  Sharing* choose();
  void start_one();

  const std::size_t m_most;
  std::mutex m_mutex;  // guards what follows
  std::condition_variable m_called, m_left;
  std::list<Sharing*> m_all;  // whose turn it is comes first
  std::list<std::thread> m_threads;
  std::size_t m_idle = 0;
  bool m_over = false;
};

}  // namespace workspace

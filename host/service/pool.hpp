// Threads for work that blocks. Made on demand, gone after ten idle seconds, never more than a limit; what comes on top
// waits in line, and a full line is refused so that the client can be told to come back.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace berth::service {

class Pool {
 public:
  struct Options {
    std::size_t threads = 64;
    std::size_t waiting = 1024;
  };
  explicit Pool(Options options);
  ~Pool();
  void end();  // runs what waits, then joins; nothing is taken any more
  Pool(const Pool&) = delete;

  bool run(std::function<void()> job);  // false: the line is full, or the pool is ending
  std::size_t most() const;             // threads
  std::size_t busy() const;
  std::size_t waiting() const;

 private:
  struct Body;
  std::unique_ptr<Body> m_body;
};

}  // namespace berth::service

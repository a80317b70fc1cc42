// What a process is given to read: what it does not take at once waits here, up to a bound. Everything on the I/O
// thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "service/process/out_pipe.hpp"

namespace berth::service {

class InPipe : public std::enable_shared_from_this<InPipe> {
 public:
  // `took` is told of each piece that has left, or that never will.
  InPipe(EventLoop& loop, UniqueFd fd, std::function<void(std::size_t bytes)> took);
  void write(std::string piece);
  void finish();  // after what waits
  void close();   // at once

 private:
  void push();
  void wait();

  Descriptor m_fd;
  std::function<void(std::size_t)> m_took;
  std::deque<std::string> m_waiting;
  std::size_t m_done = 0;  // of the first of them
  bool m_busy = false;
  bool m_last = false;
};

}  // namespace berth::service

// The ends of `berth kernel` that come from outside: a signal, or that whoever started it is gone. Its sockets are
// files, and nobody else would take them away.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <functional>
#include <thread>

#include "service/unique_fd.hpp"

namespace berth::command {

// Jupyter, and the program that started this one, which may be another. When one of them goes without a word, nobody
// else would end this kernel.
class Starter {
 public:
  Starter();  // before it has the time to go
  bool is_gone() const;

 private:
  const pid_t m_parent;
  const char* const m_pid;
  // It can be gone before this has begun, and then m_parent is somebody else.
  const service::UniqueFd m_jupyter;
  const bool m_gone;
};

class KernelEnd {
 public:
  explicit KernelEnd(const Starter& starter);  // from here on signals wait, for begin()
  ~KernelEnd();                                // this end is not wanted any more
  KernelEnd(const KernelEnd&) = delete;
  // On a thread of its own from now on: when the end comes, `last` is called, and the program ends.
  void begin(std::function<void()> last);

 private:
  void wait(const std::function<void()>& last) const;

  const Starter& m_starter;
  sigset_t m_signals{};
  service::UniqueFd m_told, m_over;
  std::thread m_thread;
};

}  // namespace berth::command

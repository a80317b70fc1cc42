// How long a process that only computes keeps others of its processor waiting. Linux lets it have 3 ms and more before
// a process that has just been woken gets its turn: many times what a call takes here.
#pragma once

#include <linux/sched.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>

namespace berth::service {

// This thread, and not what it starts; a kernel before 6.12 takes no notice. What an operator has said about the host's
// turns himself (chrt, nice) stays.
inline void take_short_turns(std::chrono::nanoseconds turn) {
  if (::sched_getscheduler(0) != SCHED_OTHER || ::getpriority(PRIO_PROCESS, 0) != 0) return;
  struct {
    std::uint32_t size = sizeof(*this), policy = 0;
    std::uint64_t flags = SCHED_FLAG_RESET_ON_FORK;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0, deadline = 0, period = 0;
  } how;
  how.runtime = static_cast<std::uint64_t>(turn.count());
  ::syscall(SYS_sched_setattr, 0, &how, 0);
}

}  // namespace berth::service

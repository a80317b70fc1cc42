// One session in the host's memory.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "jail/jail_watch.hpp"
#include "session/sessions.hpp"

namespace berth::session {

struct Sessions::Seat {
  std::mutex work;  // on its disk and its jail: one at a time. Taken before the lock of Sessions, never within it.

  jail::JailWatch watch;  // limits_hit() alone

  // Under the lock of Sessions.
  Record record;
  SeatState state = SeatState::opening;
  std::string why;  // it is broken, or closing
  std::shared_ptr<jail::Jail> jail;
  std::size_t calls = 0;        // in it, right now
  service::Clock::Moment used;  // the beginning or end of its last call
  TreeUse disk;
  std::optional<service::Clock::Moment> measured, looked;  // when; and when its quota was seen to
  bool quiet = false;                             // nothing was there to write then, and nothing has been since
  std::uint64_t starts = 0;                       // how often its jail was asked for
  service::Clock::Moment started;                 // when last
  service::Clock::Moment::duration measuring{0};  // how long that took
};

}  // namespace berth::session

// One process in a jail, a child of this host. It can be waited for by its pidfd in any event loop.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "jail/groups.hpp"
#include "jail/options.hpp"
#include "service/unique_fd.hpp"

namespace berth::jail {

struct End {
  int code = 0;       // its exit code, if it ended by itself
  int signal = 0;     // what it was killed by; 0: by nothing
  std::string limit;  // the limit of the jail that was hit meanwhile: "memory", "pids", "cpu"; or what it was ended
                      // for: "time", "disk", "session"; empty: none
  std::string words;  // "ended with exit code 1", "killed: memory limit 500 MB"
  int status = 0;     // as wait4() gives it
  rusage usage{};
};

class Process {
 public:
  // `before`: the group's hits before it was started.
  Process(service::UniqueFd handle, std::shared_ptr<Group> group, const Limits& limits, GroupHits before);
  ~Process();  // one that still runs is killed
  Process(const Process&) = delete;

  int handle() const { return m_handle.get(); }  // the pidfd: readable once the process has ended
  pid_t pid() const { return m_pid; }            // as the host numbers it
  // Null: it still runs. Without a time it is waited for until it ends.
  std::optional<End> wait(std::optional<std::chrono::milliseconds> patience = {});
  // It has ended, and nobody has waited for it yet: its number is still its own, and so is its group's.
  bool ended() const;
  bool signal(int number);  // to it and those that stayed in its process group; false: there is none any more
  void kill();
  // It has lived for its jail's Limits::wall_time, as whoever has a clock found: it is killed with its group.
  void expire();
  GroupHits hits() const { return m_group->hits(); }                     // of its jail, since that was opened
  const Limits& limits() const { return m_limits; }                      // as well
  std::chrono::seconds wall_time() const { return m_limits.wall_time; }  // 0: as long as it likes
  void condemn(const std::string& limit, const std::string& why);  // before its jail is closed: what it will die of
  void kill_session();  // with every group of its session, in the kernel's sense; takes milliseconds

 private:
  std::optional<End> reap();
  void add_limit(End& end) const;

  const service::UniqueFd m_handle;
  const std::shared_ptr<Group> m_group;
  const Limits m_limits;
  const GroupHits m_before;
  pid_t m_pid = -1;
  std::mutex m_lock;
  std::optional<End> m_end;
  std::string m_limit, m_why;  // of its jail's end
};

pid_t pid_of_handle(int handle);  // of the process behind a pidfd; -1: it is gone

// "memory limit 500 MB", of what End::limit calls "memory"; "pids", "cpu" and "time" alike.
std::string limit_in_words(std::string_view limit, const Limits& limits);

// "500 MB", or "512 MiB" where that is the round number.
std::string round_bytes(std::uint64_t bytes);

}  // namespace berth::jail

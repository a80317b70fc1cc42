// What the processes of a jail use: as its control groups count, and as /proc shows where there are none.
#include <poll.h>
#include <sched.h>

#include <algorithm>

#include "jail/jail.hpp"
#include "jail/user_tasks.hpp"

namespace berth::jail {

// With its lock held. Its own two are no user's of a jail, or are known by their numbers.
std::optional<std::vector<pid_t>> Jail::inside() const {
  const pid_t starter = pid_of_handle(m_starter.get()), keeper = m_keeper ? pid_of_handle(m_keeper.get()) : -1;
  std::vector<pid_t> all;
  if (m_ground.isolation.changes_user) {
    all = processes_of_user(m_agent);
  } else if (m_keeper) {
    const std::string here = pid_namespace_of(keeper);
    if (here.empty()) return std::nullopt;
    all = processes_of_namespace(here);
  } else {
    all = processes_of_session(m_session);
  }
  std::erase_if(all, [&](pid_t one) { return one == starter || one == keeper; });
  return all;
}

GroupUse Jail::use() const {
  const std::lock_guard lock(m_lock);
  if (!m_open) return {{}, {}, {}, "the jail is closed: nothing runs in it"};
  GroupUse use = m_group->use();
  pollfd starter{m_starter.get(), POLLIN, 0};
  const bool started = m_starter && ::poll(&starter, 1, 0) == 0;
  if (use.processes && started) *use.processes -= std::min<std::uint64_t>(*use.processes, 1);
  if (use.memory && use.processes && use.cpu_time) return use;
  const auto all = inside();
  if (!all) {
    use.why = "no control group counts it, and /proc does not show the jail's processes";
    return use;
  }
  TaskUse sum;
  for (const pid_t one : *all) {
    const auto task = use_of(one).value_or(TaskUse{});
    sum.threads += task.threads;
    sum.memory += task.memory;
    sum.cpu_time += task.cpu_time;
  }
  if (!use.memory) use.memory = sum.memory;
  if (!use.processes) use.processes = sum.threads;
  if (!use.cpu_time) use.cpu_time = sum.cpu_time + m_group->past();
  return use;
}

}  // namespace berth::jail

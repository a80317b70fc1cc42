// A terminal that has its name in the jail, not where the host is: opened through the keeper, who sees what is in
// there.
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>

#include <string>

#include "jail/jail.hpp"

namespace berth::jail {

service::UniqueFd Jail::terminal() {
  const std::lock_guard lock(m_lock);
  if (!m_open || (m_ground.isolation.namespaces & CLONE_NEWNS) == 0) return {};
  const std::string path = "/proc/" + std::to_string(pid_of_handle(m_keeper.get())) + "/root/dev/pts/ptmx";
  service::UniqueFd master(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  int lock_it = 0;
  if (master && ::ioctl(master.get(), TIOCSPTLCK, &lock_it) != 0) return {};
  return master;
}

}  // namespace berth::jail

// An id-mapped mount. Which number stands for which, the kernel wants to be told by a user namespace, and that wants a
// process which was born with it; it is gone again once we hold the namespace. It borrows our memory, and only waits.
#include "jail/lent_tree.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "service/files.hpp"
#include "service/signals.hpp"
#include "service/unique_fd.hpp"

namespace berth::jail {

using service::UniqueFd;

namespace {

// ThreadSanitizer takes the child for one of a fork and stops to look in it; with our memory, that would be in us.
#ifdef __SANITIZE_THREAD__
constexpr int our_memory = 0;
#else
constexpr int our_memory = CLONE_VM;
#endif

__attribute__((no_sanitize("address", "undefined", "thread"), noinline)) int wait_for_the_end(void*) {
  for (;;) ::syscall(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0);
}

bool write_map(const std::string& path, unsigned from, uid_t to) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && service::write_all(file.get(), std::to_string(from) + " " + std::to_string(to) + " 1\n") == 0;
}

// A user namespace in which the host's user is `agent`.
UniqueFd namespace_of(uid_t agent) {
  alignas(64) static thread_local char stack[16u << 10];
  pid_t child = -1;
  {
    const service::SignalsBlocked quiet;  // the child inherits that, and no handler of ours runs in it
    child = ::clone(&wait_for_the_end, stack + sizeof stack, our_memory | CLONE_NEWUSER | SIGCHLD, nullptr);
  }
  if (child < 0) return {};
  const std::string folder = "/proc/" + std::to_string(child);
  UniqueFd made;
  if (write_map(folder + "/uid_map", ::geteuid(), agent) && write_map(folder + "/gid_map", ::getegid(), agent))
    made = UniqueFd(::open((folder + "/ns/user").c_str(), O_RDONLY | O_CLOEXEC));
  ::kill(child, SIGKILL);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return made;
}

}  // namespace

bool lend_tree(int tree, uid_t agent) {
  const UniqueFd users = namespace_of(agent);
  if (!users) return false;
  mount_attr how{};
  how.attr_set = MOUNT_ATTR_IDMAP;
  how.userns_fd = static_cast<std::uint64_t>(users.get());
  return ::syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &how, sizeof how) == 0;
}

}  // namespace berth::jail

// Opens what lies beneath a folder, and nothing else: neither a name nor a link, nor one that is swapped meanwhile,
// leads out of it. The kernel does the work (openat2, from Linux 5.6 on).
#ifndef BERTH_BENEATH_HPP
#define BERTH_BENEATH_HPP

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

namespace berth {

// -1 and errno: EXDEV, it leads out; ELOOP, one of the kernel's own links, or any if there are to be none; EAGAIN, only
// after many tries; ENOSYS, no openat2 here. An empty path is the folder itself. Whoever asked closes it.
inline int open_beneath(int folder, const std::string& path, int flags, bool links = true, mode_t mode = 0) {
  open_how how = {};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | (links ? 0 : RESOLVE_NO_SYMLINKS);
  const char* name = path.empty() ? "." : path.c_str();
  long fd = -1;
  for (int tries = 0; tries < 256; ++tries) {  // EAGAIN: something was renamed meanwhile
    fd = ::syscall(SYS_openat2, folder, name, &how, sizeof how);
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  return static_cast<int>(fd);
}

}  // namespace berth

#endif

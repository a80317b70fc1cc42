// fchmod, since mkdirat and openat take away what the umask says.
#include "made.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "root.hpp"

namespace workspace {

MadeFolder make_folder_in(int folder, const std::string& name) {
  const bool made = ::mkdirat(folder, name.c_str(), 0755) == 0;
  if (!made && errno != EEXIST) return {};
  berth::Fd fd(open_beneath(folder, name, O_RDONLY | O_DIRECTORY, false));
  if (made && fd && ::fchmod(fd.get(), 0755) != 0) return {{}, made};
  return {std::move(fd), made};
}

berth::Fd make_file_in(int folder, const std::string& name, int flags, mode_t mode) {
  berth::Fd fd(::openat(folder, name.c_str(), flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (fd && ::fchmod(fd.get(), mode) != 0) return {};
  return fd;
}

}  // namespace workspace

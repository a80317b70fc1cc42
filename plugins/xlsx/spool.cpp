// In TMPDIR, as everywhere: in a process of a plugin's own that is the only place it may write to.
#include "spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

namespace xlsx {

namespace {

// Where the file system knows no files without a name.
int removed_file(const std::string& folder) {
  std::string name = folder + "/xlsx-XXXXXX";
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file >= 0) ::unlink(name.c_str());
  return file;
}

}  // namespace

int unnamed_file() {
  const char* const given = std::getenv("TMPDIR");
  const std::string folder = given && *given ? given : "/tmp";
  int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) file = removed_file(folder);
  if (file < 0) throw std::runtime_error("no file can be made in " + folder + ": " + std::strerror(errno));
  return file;
}

void write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0)
      throw std::runtime_error(std::string("a file for a while cannot be written: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

}  // namespace xlsx

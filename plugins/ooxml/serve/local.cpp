// A new file is written beside its place and then renamed to it: to where a symbolic link leads, not to the link.
#include "serve/local.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

namespace ooxml::serve {

using berth::Error;

namespace {

Error failure(const std::string& path) {
  const int number = errno;
  if (number == ENOENT) return Error(404, "no_file", path + ": there is no such file");
  if (number == EEXIST)
    return Error(409, "exists", path + ": there is a file already", "say --replace, or another name");
  return Error(500, "cannot_open", path + ": " + std::strerror(number));
}

std::string stamp(const struct stat& about) {
  return std::to_string(about.st_ino) + "-" + std::to_string(about.st_size) + "-" +
         std::to_string(about.st_mtim.tv_sec) + "." + std::to_string(about.st_mtim.tv_nsec);
}

// Taken away unless it came to its place.
struct Half {
  std::string name;
  berth::Fd file;
  explicit Half(const std::string& beside) : name(beside + ".XXXXXX") {
    file = berth::Fd(::mkostemp(name.data(), O_CLOEXEC));
    if (!file) throw failure(beside);
  }
  ~Half() { ::unlink(name.c_str()); }
  Half(const Half&) = delete;
};

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) throw failure(path);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

// Where a symbolic link leads, though nothing may be there; a path that is none stays as it is.
std::string behind_links(std::string path) {
  constexpr int most_links = 40;  // as the system itself follows
  for (int left = most_links; left > 0; --left) {
    char target[PATH_MAX];
    const ssize_t size = ::readlink(path.c_str(), target, sizeof target);
    if (size < 0 || size == sizeof target) break;
    const auto slash = path.rfind('/');
    const bool beside = target[0] != '/' && slash != std::string::npos;
    path = (beside ? path.substr(0, slash + 1) : std::string()) + std::string(target, static_cast<std::size_t>(size));
  }
  return path;
}

// Not every file system can rename without replacing, and not every one has hard links: one of them will do.
int come_to(const std::string& half, const std::string& path, bool replace) {
  if (replace) return ::rename(half.c_str(), path.c_str());
  const int came = ::renameat2(AT_FDCWD, half.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE);
  return came == 0 || errno == EEXIST ? came : ::link(half.c_str(), path.c_str());
}

}  // namespace

berth::Fd Local::open(const std::string& path) {
  berth::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0) throw failure(path);
  if (!S_ISREG(about.st_mode)) throw Error(422, "not_a_file", path + " is no file");
  return file;
}

std::string Local::etag_of(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) throw failure(path);
  return stamp(about);
}

berth::Json Local::put(const Place& place, std::string_view bytes) {
  const std::string path = place.replace ? behind_links(place.path) : place.path;
  const Half half(path);
  write_all(half.file.get(), bytes, place.path);
  struct stat old {};
  const bool there = ::stat(place.path.c_str(), &old) == 0;
  if (!place.etag.empty() && (!there || stamp(old) != place.etag))
    throw Error(412, "changed", place.path + " was changed meanwhile");
  if (::fchmod(half.file.get(), there ? old.st_mode & 0777 : usual_mode()) != 0 || ::fsync(half.file.get()) != 0)
    throw failure(place.path);
  if (come_to(half.name, path, place.replace) != 0) throw failure(place.path);
  return {{"path", place.path}, {"size", bytes.size()}, {"created", !there}};
}

}  // namespace ooxml::serve

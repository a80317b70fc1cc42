// Files written so that a crash leaves the old or the new content. The new content goes to a file beside, is synced,
// and takes the name in one step; then the folder is synced, so that the step itself is kept.
#include "service/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "service/text.hpp"

namespace berth::service {

Error file_error(const char* what, const std::string& path, int number) {
  Error error;
  error.message = std::string("cannot ") + what + ' ' + path + ": " + std::generic_category().message(number);
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) {
    error.status = 507;
    error.code = "disk_full";
    error.hint = "free some space on that disk, then try again";
  } else if (number == ENOENT) {
    error.code = "no_file";
  } else if (number == EACCES || number == EPERM || number == EROFS) {
    error.code = "no_permission";
    error.hint = "check who owns it and its mode, or name another place";
  } else {
    error.code = "file_error";
  }
  return error;
}

int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t wrote = ::write(fd, content.data(), content.size());
    if (wrote > 0) {
      content.remove_prefix(static_cast<std::size_t>(wrote));
    } else if (wrote < 0 && errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

int fill(const std::string& path, std::string_view content, unsigned mode) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode & 0600));
  if (!file) return errno;
  if (::fchmod(file.get(), static_cast<mode_t>(mode)) != 0) return errno;  // whatever the umask is
  if (const int number = write_all(file.get(), content)) return number;
  return ::fsync(file.get()) == 0 ? 0 : errno;
}

std::optional<Error> make_one(const std::string& path, unsigned mode) {
  if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) == 0) return std::nullopt;
  const int number = errno;
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0) {
    if (S_ISDIR(there.st_mode)) return std::nullopt;
    return file_error("make the folder", path, ENOTDIR);
  }
  return file_error("make the folder", path, number);
}

Result<std::string> read_open(const UniqueFd& file, const std::string& path, std::uint64_t at_most) {
  std::string content;
  char piece[16384];
  while (true) {
    const ssize_t got = ::read(file.get(), piece, sizeof piece);
    if (got == 0) return content;
    if (got < 0) {
      if (errno == EINTR) continue;
      return file_error("read", path, errno);
    }
    content.append(piece, static_cast<std::size_t>(got));
    if (content.size() > at_most) {
      return Error{500, "file_too_large", "cannot read " + path + ": it is larger than " + format_bytes(at_most)};
    }
  }
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t at_most) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return file_error("read", path, errno);
  return read_open(file, path, at_most);
}

Result<UniqueFd> open_regular(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat there {};
  if (!file || ::fstat(file.get(), &there) != 0) return file_error("read", path, errno);
  if (!S_ISREG(there.st_mode)) return Error{500, "no_file", "cannot read " + path + ": it is no file"};
  return file;
}

Result<std::string> read_regular_file(const std::string& path, std::uint64_t at_most) {
  const auto file = open_regular(path);
  if (!file) return file.error();
  return read_open(*file, path, at_most);
}

int sync_folder(const std::string& path) {
  const UniqueFd folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return errno;
  // Some file systems have nothing to sync for a folder and say EINVAL.
  return ::fsync(folder.get()) == 0 || errno == EINVAL ? 0 : errno;
}

std::optional<Error> write_file(const std::string& path, std::string_view content, unsigned mode) {
  const std::string beside = path + ".new-" + hex(random_bytes(6));
  int number = fill(beside, content, mode);
  if (number == 0 && ::rename(beside.c_str(), path.c_str()) != 0) number = errno;
  if (number != 0) {
    ::unlink(beside.c_str());
    return file_error("write", path, number);
  }
  if (const int unsynced = sync_folder(path)) return file_error("write", path, unsynced);
  return std::nullopt;
}

std::optional<Error> make_directory(const std::string& path, unsigned mode) {
  if (path.empty()) return file_error("make the folder", "\"\"", ENOENT);
  for (std::size_t at = 1; at <= path.size(); ++at) {
    if (at != path.size() && path[at] != '/') continue;
    if (auto error = make_one(path.substr(0, at), mode)) return error;
  }
  return std::nullopt;
}

}  // namespace berth::service

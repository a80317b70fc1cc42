// openat2 keeps each step beneath the folder, in the kernel, where nobody can change a link between the look and the
// leap.
#include "service/store.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::service {

namespace {

constexpr std::string_view unfinished = StoreRoom::unfinished;
constexpr std::size_t most_entries = 100'000;

int open_beneath(int folder, const std::string& name, int flags, unsigned mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  for (int i = 0; i < 10; ++i) {
    const long fd = ::syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how);
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) return static_cast<int>(fd);  // EAGAIN: somebody renames there
  }
  return -1;
}

// What openat2 would refuse, said in better words, and what it would not: names that hide.
bool good_name(std::string_view name) {
  if (name.empty() || name.size() > 1024 || name.find('\0') != std::string_view::npos || !valid_utf8(name))
    return false;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    const auto part = name.substr(at, end - at);
    if (part.empty() || part == "." || part == ".." || part.size() > 255 || part.rfind(unfinished, 0) == 0)
      return false;
    at = end + 1;
  }
  return true;
}

Error bad_name(std::string_view name) {
  return {422, "bad_name", "\"" + std::string(name.substr(0, 200)) + "\" is no name of a file here",
          "a relative path without \"..\", such as \"notes/today.txt\""};
}

int sync_if(bool wanted, int fd) { return !wanted || ::fsync(fd) == 0 || errno == EINVAL ? 0 : errno; }

// What a file takes that is there; 0: none is.
std::uint64_t file_weight(int folder, const std::string& name) {
  struct stat there {};
  if (::fstatat(folder, name.c_str(), &there, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(there.st_mode)) return 0;
  return StoreRoom::weight_of(static_cast<std::uint64_t>(there.st_size));
}

// Looked at first: a process that has confined itself may not change modes. An errno, or 0.
int close_to_others(int folder) {
  struct stat there {};
  if (::fstat(folder, &there) != 0) return errno;
  return (there.st_mode & 07777) == 0700 || ::fchmod(folder, 0700) == 0 ? 0 : errno;
}

}  // namespace

Result<Store> Store::open(const std::string& path, std::uint64_t limit) {
  if (auto error = make_directory(path)) return *error;
  UniqueFd root(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root) return file_error("open", path, errno);
  if (const int number = close_to_others(root.get())) return file_error("open", path, number);
  return Store(std::move(root), path, limit > 0 ? std::make_unique<StoreRoom>(path, limit) : nullptr);
}

Error Store::failure(const char* what, std::string_view name, int number) const {
  Error error = file_error(what, std::string(name), number);
  if (number == ENOENT) error.status = 404;
  if (number == ELOOP || number == EXDEV) error.hint = "links are not followed here";
  if (number == ENOSYS || (number == EPERM && error.hint.empty()))
    error.hint = "is openat2() allowed in this container?";
  return error;
}

Result<UniqueFd> Store::enter(std::string_view name, int flags, unsigned mode) const {
  if (!good_name(name)) return bad_name(name);
  UniqueFd fd(open_beneath(m_root.get(), std::string(name), flags, mode));
  if (!fd) return failure("open", name, errno);
  return fd;
}

Result<Store::Place> Store::place_of(std::string_view name, bool make) const {
  if (!good_name(name)) return bad_name(name);
  Place place{UniqueFd(::fcntl(m_root.get(), F_DUPFD_CLOEXEC, 3)), std::string(name)};
  for (std::size_t slash = place.last.find('/'); slash != std::string::npos; slash = place.last.find('/')) {
    const std::string part = place.last.substr(0, slash);
    if (make && ::faccessat(place.folder.get(), part.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
      const auto taken = take(StoreRoom::weight_of(0));
      if (!taken) return *full(name);
      if (::mkdirat(place.folder.get(), part.c_str(), 0700) != 0 && errno != EEXIST)
        return failure("make", name, errno);
    }
    place.folder = UniqueFd(open_beneath(place.folder.get(), part, O_RDONLY | O_DIRECTORY, 0));
    if (!place.folder) return failure("open", name, errno);
    place.last.erase(0, slash + 1);
  }
  return place;
}

Result<UniqueFd> Store::open_file(std::string_view name) const {
  auto fd = enter(name, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
  struct stat there {};
  if (fd && (::fstat(fd->get(), &there) != 0 || !S_ISREG(there.st_mode)))
    return failure("read", name, S_ISDIR(there.st_mode) ? EISDIR : EINVAL);
  return fd;
}

Result<std::string> Store::read(std::string_view name, std::uint64_t at_most) const {
  const auto fd = open_file(name);
  if (!fd) return fd.error();
  std::string content;
  char piece[65536];
  while (true) {
    const ssize_t got = ::read(fd->get(), piece, sizeof piece);
    if (got == 0) return content;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("read", name, errno);
    content.append(piece, static_cast<std::size_t>(got));
    if (content.size() > at_most)
      return Error{413, "file_too_large",
                   "cannot read " + std::string(name) + ": it is larger than " + format_bytes(at_most)};
  }
}

std::shared_ptr<const void> Store::take(std::uint64_t weight) const {
  StoreRoom* const room = m_room.get();
  if (room && !room->take(weight)) return nullptr;
  return {this, [room](const void*) {
            if (room) room->done();
          }};
}

std::optional<Error> Store::full(std::string_view name) const {
  return Error{507, "store_full",
               "cannot write " + std::string(name) + ": the folder would hold more than its limit of " +
                   format_bytes(m_room->limit()) + "; it holds " + format_bytes(m_room->held()),
               "remove what is not needed"};
}

std::optional<Error> Store::write(std::string_view name, std::string_view content, bool sync) const {
  const auto place = place_of(name, true);
  if (!place) return place.error();
  const auto weight = StoreRoom::weight_of(content.size()), before = file_weight(place->folder.get(), place->last);
  // What it takes the place of makes room for it, but only once it has.
  const auto more = weight - std::min(weight, before);
  const auto taken = take(more);
  if (!taken) return full(name);
  auto failed = put(*place, name, content, sync);
  give_back(failed ? more : before - std::min(weight, before));
  return failed;
}

std::optional<Error> Store::put(const Place& place, std::string_view name, std::string_view content, bool sync) const {
  const int folder = place.folder.get();
  const std::string beside = std::string(unfinished) + hex(random_bytes(6));
  const UniqueFd file(open_beneath(folder, beside, O_WRONLY | O_CREAT | O_EXCL, 0600));
  if (!file) return failure("write", name, errno);
  int number = write_all(file.get(), content);
  if (number == 0) number = sync_if(sync, file.get());
  if (number == 0 && ::renameat(folder, beside.c_str(), folder, place.last.c_str()) != 0) number = errno;
  if (number != 0) {
    ::unlinkat(folder, beside.c_str(), 0);
    return failure("write", name, number);
  }
  if (const int unsynced = sync_if(sync, folder)) return failure("write", name, unsynced);
  return std::nullopt;
}

std::optional<Error> Store::append(std::string_view name, std::string_view content, bool sync) const {
  const auto place = place_of(name, true);
  if (!place) return place.error();
  const UniqueFd file(open_beneath(place->folder.get(), place->last, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK, 0600));
  struct stat there {};
  if (!file || ::fstat(file.get(), &there) != 0) return failure("write", name, errno);
  if (!S_ISREG(there.st_mode)) return failure("write", name, EINVAL);
  const auto size = static_cast<std::uint64_t>(there.st_size);
  const auto more = StoreRoom::weight_of(size + content.size()) - (size > 0 ? StoreRoom::weight_of(size) : 0);
  const auto taken = take(more);
  if (!taken) return full(name);
  int number = write_all(file.get(), content);
  if (number == 0) number = sync_if(sync, file.get());
  if (number == 0) return std::nullopt;
  give_back(more);
  // A piece of a record would be worse than none of it.
  if (::ftruncate(file.get(), there.st_size) != 0) number = errno;
  return failure("write", name, number);
}

std::optional<Error> Store::remove(std::string_view name) const {
  const auto place = place_of(name, false);
  if (!place) return place.error();
  const auto weight = file_weight(place->folder.get(), place->last);
  if (::unlinkat(place->folder.get(), place->last.c_str(), 0) == 0) return give_back(weight), std::nullopt;
  if (errno == EISDIR && ::unlinkat(place->folder.get(), place->last.c_str(), AT_REMOVEDIR) == 0)
    return give_back(StoreRoom::weight_of(0)), std::nullopt;
  return failure("remove", name, errno);
}

Result<std::vector<Store::Entry>> Store::list(std::string_view folder) const {
  auto fd = folder.empty() ? Result<UniqueFd>(UniqueFd(open_beneath(m_root.get(), ".", O_RDONLY | O_DIRECTORY, 0)))
                           : enter(folder, O_RDONLY | O_DIRECTORY, 0);
  if (!fd) return fd.error();
  if (!*fd) return failure("list", folder, errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> all(::fdopendir(fd->get()), &::closedir);
  if (!all) return failure("list", folder, errno);
  fd->release();  // closedir's now
  std::vector<Entry> entries;
  while (const dirent* one = ::readdir(all.get())) {
    const std::string_view name = one->d_name;
    struct stat there {};
    if (!good_name(name) || ::fstatat(::dirfd(all.get()), one->d_name, &there, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode)) continue;
    if (entries.size() == most_entries) return failure("list", folder, EOVERFLOW);
    entries.push_back({std::string(name), static_cast<std::uint64_t>(there.st_size), S_ISDIR(there.st_mode),
                       there.st_mtim.tv_sec * 1000 + there.st_mtim.tv_nsec / 1'000'000});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace berth::service

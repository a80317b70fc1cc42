// berth/beneath.hpp does the work; this file says what for, and what its errors mean.
#include "root.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "made.hpp"

namespace workspace {

using berth::Error;

namespace {

constexpr int at_rest = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;  // never waits for the other end of a pipe
constexpr int as_folder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

std::string brief(const Place& place) {
  std::string text = place.shown();
  if (text.size() > 200) text = "…" + escaped(place.name()).substr(0, 190);
  return text;
}

Error wrong_kind(mode_t mode, const Place& place) {
  const std::string hint = S_ISDIR(mode) ? "list it, or name a file in it" : "only files and folders are worked on";
  const std::string code = S_ISDIR(mode) ? "is_a_folder" : "not_a_file";
  return Error(422, code, brief(place) + " is " + std::string(kind_of(mode)) + ", not a file", hint);
}

struct stat stat_of(int fd, const Place& place) {
  struct stat found;
  if (::fstat(fd, &found) != 0) throw failure(errno, place);
  return found;
}

berth::Fd opened(int fd, const Place& place) {
  if (fd < 0) throw failure(errno, place);
  return berth::Fd(fd);
}

}  // namespace

berth::Fd Root::open_file(const Place& place) const {
  const bool links = place.path != todo_place;
  // A look first: opening alone does things to a device or a pipe.
  const berth::Fd seen = opened(open_beneath(fd(), place.path, O_PATH, links), place);
  const auto before = stat_of(seen.get(), place);
  if (!S_ISREG(before.st_mode)) throw wrong_kind(before.st_mode, place);
  berth::Fd file = opened(open_beneath(fd(), place.path, O_RDONLY | at_rest, links), place);
  const auto after = stat_of(file.get(), place);
  if (!S_ISREG(after.st_mode)) throw wrong_kind(after.st_mode, place);
  return file;
}

berth::Fd Root::open_folder(const Place& place) const {
  return opened(open_beneath(fd(), place.path, as_folder, place.path != todo_place), place);
}

struct stat Root::look(const Place& place, bool follow) const {
  const bool links = place.path != todo_place;
  const berth::Fd seen = opened(open_beneath(fd(), place.path, O_PATH | (follow ? 0 : O_NOFOLLOW), links), place);
  return stat_of(seen.get(), place);
}

berth::Fd Root::folder_to_change(const Place& place, bool make) const {
  if (place.path.empty()) throw Error(422, "is_the_root", "the workspace itself is nothing that can be written");
  return open_to_change({place.folder(), place.folder().empty() ? Part::root : place.part}, make);
}

berth::Fd Root::open_to_change(const Place& folder, bool make) const {
  const std::string part(folder_of(folder.part));
  berth::Fd at = opened(open_beneath(fd(), part, as_folder, false), folder);
  if (folder.path.size() <= part.size()) return at;
  const std::string rest = folder.path.substr(part.empty() ? 0 : part.size() + 1);
  const int whole = open_beneath(at.get(), rest, as_folder);
  if (whole >= 0 || errno != ENOENT || !make) return opened(whole, folder);

  Place reached{part, folder.part};
  for (std::size_t from = 0; from < rest.size();) {
    const std::string piece = rest.substr(from, rest.find('/', from) - from);
    from += piece.size() + 1;
    const auto next = make_folder_in(at.get(), piece);
    if (!next.fd && errno != ELOOP) throw failure(errno, folder);
    if (next.made && next.fd) give(next.fd.get(), folder);
    // Links count from the part on, so the way is walked from there each time.
    reached = within(reached, piece);
    const berth::Fd base = opened(open_beneath(fd(), part, as_folder, false), folder);
    const std::string way = reached.path.substr(part.empty() ? 0 : part.size() + 1);
    at = opened(open_beneath(base.get(), way, as_folder), folder);
  }
  return at;
}

void Root::give(int fd, const Place& place) const {
  if (place.part == Part::upload || user() == ::geteuid()) return;
  if (::fchown(fd, user(), static_cast<gid_t>(user())) != 0) {
    throw Error(500, "not_given", "what was made could not be given to the agent: " + std::string(std::strerror(errno)),
                "the host runs as root, or the agent as the host's user");
  }
}

std::string_view kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return "a file";
    case S_IFDIR: return "a folder";
    case S_IFLNK: return "a link";
    case S_IFIFO: return "a pipe";
    case S_IFSOCK: return "a socket";
    default: return "a device";
  }
}

berth::Error failure(int number, const Place& place) {
  const std::string what = brief(place);
  switch (number) {
    case ENOENT: return Error(404, "not_found", "there is no " + what, "list its folder to see what there is");
    case ENOTDIR: return Error(422, "not_a_folder", what + " is no folder, or goes through something that is none");
    case EISDIR: return Error(422, "is_a_folder", what + " is a folder");
    case ENOTEMPTY: return Error(409, "not_empty", what + " is not empty", "say recursive to mean all that is in it");
    case EEXIST: return Error(409, "exists", what + " is there already");
    case EXDEV:
      return Error(403, "leads_out", "a link in " + what + " leads out",
                   "relative links that stay inside are followed");
    case ELOOP: return Error(403, "is_a_link", what + " is a link, or one too many", "name what the link points to");
    case EACCES:
    case EPERM: return Error(403, "not_allowed", what + " may not be used so: " + std::strerror(number));
    case EROFS: return Error(403, "read_only", what + " is on a read-only disk");
    case ENAMETOOLONG: return Error(422, "path_too_long", "the path is too long for the disk");
    case ENXIO: return Error(422, "not_a_file", what + " is a pipe, a socket or a device, not a file");
    case EAGAIN: return Error(409, "changed", what + " changes all the time", "try again");
    case ENOSPC:
    case EDQUOT: return Error(507, "disk_full", "the disk is full", "delete what is not needed any more");
    case EFBIG: return Error(413, "file_too_large", "the system lets no file grow that large");
    case EMFILE:
    case ENFILE: return Error(503, "busy", "too many files are open", "try again");
    case ENOSYS:
      return Error(503, "no_openat2", "this system has no openat2",
                   "Linux 5.6 or newer, and a container that allows it");
    default: return Error(500, "disk_error", what + ": " + std::strerror(number));
  }
}

}  // namespace workspace

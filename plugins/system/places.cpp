// A place is opened first, by the kernel's rules against leading out, and judged then: what was judged is what is read.
#include "places.hpp"

#include <berth/beneath.hpp>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "fields.hpp"

namespace machine {

using berth::Error;

namespace {

std::string own_link(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

std::string real_path(int fd) {
  std::string path(8192, '\0');
  const ssize_t size = ::readlink(own_link(fd).c_str(), path.data(), path.size());
  path.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return path;
}

bool is_beneath(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.substr(0, folder.size()) == folder && (path.size() == folder.size() || path[folder.size()] == '/');
}

void check_words(const std::string& path) {
  const std::string all = path + "/";
  if (path.empty() || path[0] != '/' || path.find('\0') != std::string::npos || all.find("/../") != std::string::npos ||
      all.find("/./") != std::string::npos)
    throw Error(422, "bad_path", "a path begins with \"/\" and has no \".\" or \"..\" in it", "as in /etc/os-release");
}

berth::Fd reopened(const Place& place, int flags) {
  berth::Fd file(::open(own_link(place.fd.get()).c_str(), flags | O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file) throw not_opened(errno, place.path);
  return file;
}

bool may_be_passed(const std::string& real_path) {
  for (auto end = real_path.rfind('/'); end != std::string::npos && end > 0; end = real_path.rfind('/', end - 1)) {
    struct stat above;
    if (::stat(real_path.substr(0, end).c_str(), &above) != 0 || (above.st_mode & S_IXOTH) == 0) return false;
  }
  return true;
}

// The kernel's own files about processes may be mounted elsewhere, too.
bool is_of_processes(int fd) {
  struct statfs facts;
  return ::fstatfs(fd, &facts) != 0 || facts.f_type == PROC_SUPER_MAGIC;
}

void refuse_never(int fd, const std::string& real, const std::string& asked) {
  if (is_never(real) || (!is_beneath(real, "/proc") && is_of_processes(fd)))
    throw Error(403, "never_read", shown(asked, 200) + " is of a kind that is never read here");
}

Error not_public(const std::string& asked, const std::string& hint) {
  return Error(403, "not_public", shown(asked, 200) + " is not for every user of this machine to read", hint);
}

// What cannot be opened is judged by the nearest folder above it that can: whether something is there is not told
// either where strangers may not look.
void judge_above(int top, std::string path, const std::string& asked, const std::string* hint) {
  berth::Fd above;
  while (!above && !path.empty()) {
    path.erase(path.find_last_not_of('/') + 1);
    path.erase(std::min(path.size(), path.rfind('/') + 1));
    above = berth::Fd(berth::open_beneath(top, path, O_PATH));
  }
  const int fd = above ? above.get() : top;
  struct stat facts;
  const std::string real = real_path(fd);
  refuse_never(fd, real, asked);
  if (hint == nullptr) return;
  if (::fstat(fd, &facts) != 0 || (S_ISDIR(facts.st_mode) && (facts.st_mode & S_IXOTH) == 0) || !may_be_passed(real))
    throw not_public(asked, *hint);
}

}  // namespace

Error not_opened(int number, const std::string& path) {
  const std::string what = shown(path, 200);
  switch (number) {
    case ENOENT: return Error(404, "not_found", "there is no " + what, "list its folder to see what there is");
    case ENOTDIR: return Error(422, "not_a_folder", what + " is no folder, or goes through something that is none");
    case EXDEV: return Error(403, "leads_out", "a link in " + what + " leads out of what may be read");
    case ENAMETOOLONG: return Error(422, "path_too_long", what + " is too long for the disk");
    case EAGAIN: return Error(409, "changed", what + " changes all the time", "try again");
    case EMFILE:
    case ENFILE: return Error(503, "busy", "too many files are open", "try again");
    case ENOSYS:
      return Error(503, "no_openat2", "this system has no openat2",
                   "Linux 5.6 or newer, and a container that allows it");
    case ELOOP: return Error(403, "is_a_link", what + " is a link that is not followed");
    case EACCES:
    case EPERM:
      return Error(403, "not_allowed", what + " may not be read by this process",
                   "a confined plugin reads little of the disk: plugin \"system\" { process = \"host\" }");
    default: return Error(500, "disk_error", what + ": " + std::strerror(number));
  }
}

bool is_public(const std::string& real_path, const struct stat& facts) {
  if ((facts.st_mode & S_IROTH) == 0 || (S_ISDIR(facts.st_mode) && (facts.st_mode & S_IXOTH) == 0)) return false;
  return may_be_passed(real_path);
}

bool is_never(std::string_view real_path) {
  if (real_path.empty() || real_path[0] != '/') return true;
  if (is_beneath(real_path, "/dev")) return true;
  if (!is_beneath(real_path, "/proc")) return false;
  const auto first = real_path.substr(0, real_path.find('/', 6)).substr(std::min<std::size_t>(6, real_path.size()));
  constexpr std::array<std::string_view, 5> plain{"cpuinfo", "meminfo", "loadavg", "version", "filesystems"};
  return std::find(plain.begin(), plain.end(), first) == plain.end();
}

Place open_place(berth::Fd top, const std::string& path, const std::string& asked, const std::string* hint) {
  Place place{path.empty() ? std::move(top) : berth::Fd(berth::open_beneath(top.get(), path, O_PATH)), {}, asked};
  if (!place.fd || ::fstat(place.fd.get(), &place.facts) != 0) {
    const int number = errno;
    judge_above(top.get(), path, asked, hint);
    throw not_opened(number, asked);
  }
  const std::string real = real_path(place.fd.get());
  refuse_never(place.fd.get(), real, asked);
  if (hint != nullptr && !is_public(real, place.facts)) throw not_public(asked, *hint);
  return place;
}

Places::Places(std::vector<std::string> listed) : m_listed(std::move(listed)) {
  for (auto& one : m_listed) {
    while (one.size() > 1 && one.back() == '/') one.pop_back();
  }
}

Place Places::open(const std::string& path) const {
  check_words(path);
  const std::string* longest = nullptr;
  for (const auto& one : m_listed) {
    if (is_beneath(path, one) && (longest == nullptr || one.size() > longest->size())) longest = &one;
  }
  if (longest == nullptr)
    throw Error(403, "not_listed", shown(path, 200) + " is not among what may be read",
                "the operator lists files and folders in berth.lua: plugin \"system\" { config = { files = { "
                "\"/etc/os-release\" } } }");
  const std::string hint = "what others may not read stays closed, listed or not";
  berth::Fd top(::open(longest->c_str(), O_PATH | O_CLOEXEC));
  if (!top) {
    const int number = errno;
    const berth::Fd root(::open("/", O_PATH | O_CLOEXEC));
    judge_above(root.get(), longest->substr(1), path, &hint);
    throw not_opened(number, path);
  }
  const std::size_t begin = path.find_first_not_of('/', longest->size());
  const std::string rest = begin == std::string::npos ? std::string() : path.substr(begin);
  return open_place(std::move(top), rest, path, &hint);
}

berth::Fd readable_file(const Place& place) {
  if (S_ISDIR(place.facts.st_mode))
    throw Error(422, "is_a_folder", shown(place.path, 200) + " is a folder",
                "system.files and system.directories list it");
  if (!S_ISREG(place.facts.st_mode)) throw Error(422, "not_a_file", shown(place.path, 200) + " is no regular file");
  return reopened(place, 0);
}

berth::Fd readable_folder(const Place& place) {
  if (!S_ISDIR(place.facts.st_mode)) throw Error(422, "not_a_folder", shown(place.path, 200) + " is no folder");
  return reopened(place, O_DIRECTORY);
}

}  // namespace machine

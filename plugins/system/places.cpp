// A place is opened first, by the kernel's rules against leading out, and judged then: what was judged is what is read.
#include "places.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
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

}  // namespace

int open_beneath(int folder, const std::string& path) {
  struct open_how how = {};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const char* name = path.empty() ? "." : path.c_str();
  long fd = -1;
  for (int tries = 0; tries < 256; ++tries) {  // EAGAIN: something was renamed meanwhile
    fd = ::syscall(SYS_openat2, folder, name, &how, sizeof how);
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  return static_cast<int>(fd);
}

Error not_opened(int number, const std::string& path) {
  const std::string what = shown(path, 200);
  switch (number) {
    case ENOENT: return Error(404, "not_found", "there is no " + what, "list its folder to see what there is");
    case ENOTDIR: return Error(422, "not_a_folder", what + " is no folder, or goes through something that is none");
    case EXDEV: return Error(403, "leads_out", "a link in " + what + " leads out of what may be read");
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
  for (auto end = real_path.rfind('/'); end != std::string::npos && end > 0; end = real_path.rfind('/', end - 1)) {
    struct stat above;
    if (::stat(real_path.substr(0, end).c_str(), &above) != 0 || (above.st_mode & S_IXOTH) == 0) return false;
  }
  return true;
}

bool is_never(std::string_view real_path) {
  if (real_path.empty() || real_path[0] != '/') return true;
  if (is_beneath(real_path, "/dev")) return true;
  if (!is_beneath(real_path, "/proc")) return false;
  const auto first = real_path.substr(0, real_path.find('/', 6)).substr(std::min<std::size_t>(6, real_path.size()));
  constexpr std::array<std::string_view, 5> plain{"cpuinfo", "meminfo", "loadavg", "version", "filesystems"};
  return std::find(plain.begin(), plain.end(), first) == plain.end();
}

void demand_public(const Place& place, const std::string& hint) {
  const std::string real = real_path(place.fd.get());
  if (is_never(real)) throw Error(403, "never_read", shown(place.path, 200) + " is of a kind that is never read here");
  if (!is_public(real, place.facts))
    throw Error(403, "not_public", shown(place.path, 200) + " is not for every user of this machine to read", hint);
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
  berth::Fd top(::open(longest->c_str(), O_PATH | O_CLOEXEC));
  if (!top) throw not_opened(errno, path);
  const std::size_t begin = path.find_first_not_of('/', longest->size());
  Place place{std::move(top), {}, path};
  if (begin != std::string::npos) {
    berth::Fd found(open_beneath(place.fd.get(), path.substr(begin)));
    if (!found) throw not_opened(errno, path);
    place.fd = std::move(found);
  }
  if (::fstat(place.fd.get(), &place.facts) != 0) throw not_opened(errno, path);
  demand_public(place, "what others may not read stays closed, listed or not");
  return place;
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

// Walks by descriptor, name by name, so that neither a link nor a long path leads astray.
#include "session/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "service/files.hpp"

namespace berth::session {

using service::Error;

namespace {

constexpr std::size_t deepest = 512;         // of a walk: so many descriptors are open at once
constexpr std::size_t deepest_removal = 64;  // what lies deeper is brought up first
constexpr std::uint64_t most_files = 5'000'000;
constexpr std::size_t most_several = 1'000'000;  // that are remembered by number

class Folder {
 public:
  Folder(int at, const char* name) {
    const int fd = ::openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;
    m_stream.reset(::fdopendir(fd));
    if (m_stream) return;
    ::close(fd);
    errno = ENOMEM;
  }
  explicit operator bool() const { return m_stream != nullptr; }
  int fd() const { return ::dirfd(m_stream.get()); }
  // The next name in it; null: that was all.
  const char* next() {
    while (const dirent* entry = ::readdir(m_stream.get())) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") return entry->d_name;
    }
    return nullptr;
  }

 private:
  struct Close {
    void operator()(DIR* stream) const { ::closedir(stream); }
  };
  std::unique_ptr<DIR, Close> m_stream;
};

struct Walk {
  bool hidden = false;  // something is, by whoever made it so
  bool failed = false;  // something could not be looked at, and nobody is to blame
  bool whole() const { return !hidden && !failed; }
  // What became of a name between two looks is none of this.
  void note(int number) {
    if (number == EACCES)
      hidden = true;
    else if (number != ENOENT && number != ENOTDIR && number != ELOOP)
      failed = true;
  }
};

// Each thing below, before what is in it.
template <class Visit>
Walk walk(Folder top, Visit visit) {
  struct stat about {};
  Walk result;
  if (!top || ::fstat(top.fd(), &about) != 0) {
    result.failed = true;
    return result;
  }
  const dev_t device = about.st_dev;
  std::vector<Folder> levels;
  levels.push_back(std::move(top));
  for (std::uint64_t seen = 0; !levels.empty();) {
    const char* name = levels.back().next();
    if (!name) {
      levels.pop_back();
      continue;
    }
    const int at = levels.back().fd();
    if (::fstatat(at, name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
      result.note(errno);
      continue;
    }
    if (about.st_dev != device) continue;
    if (++seen > most_files) {
      result.hidden = true;
      return result;
    }
    visit(at, name, about);
    if (!S_ISDIR(about.st_mode)) continue;
    if (levels.size() == deepest) {
      result.hidden = true;
      continue;
    }
    Folder below(at, name);
    if (below)
      levels.push_back(std::move(below));
    else
      result.note(errno);
  }
  return result;
}

// An agent may have closed its folders to itself, and so to a host that has its user.
Folder open_to_empty(int at, const char* name) {
  Folder folder(at, name);
  if (!folder && errno == EACCES && ::fchmodat(at, name, 0700, 0) == 0) folder = Folder(at, name);
  if (folder && ::geteuid() != 0) ::fchmod(folder.fd(), 0700);
  return folder;
}

class Removal {
 public:
  Removal(int at, const char* name) : m_at(at), m_name(name) {}

  int run() {
    if (const int failed = take(m_at, m_name)) return failed;
    while (!m_levels.empty()) {
      const char* name = m_levels.back().folder.next();
      if (const int failed = name ? take(m_levels.back().folder.fd(), name) : leave()) return failed;
    }
    return 0;
  }

 private:
  struct Level {
    Folder folder;
    std::string name;
  };

  // Removes it, or goes into it.
  int take(int at, const char* name) {
    if (::unlinkat(at, name, 0) == 0 || errno == ENOENT) return 0;
    if (errno != EISDIR && errno != EPERM) return errno;
    if (m_levels.size() >= deepest_removal) return bring_up(at, name);
    Folder folder = open_to_empty(at, name);
    if (!folder) return errno;
    std::string copy = name;
    m_levels.push_back({std::move(folder), std::move(copy)});
    return 0;
  }

  int bring_up(int at, const char* name) {
    if (::geteuid() != 0) ::fchmodat(at, name, 0700, 0);
    const std::string fresh = ".deep-" + std::to_string(m_brought++);
    return ::renameat(at, name, m_levels.front().folder.fd(), fresh.c_str()) == 0 ? 0 : errno;
  }

  // What was brought up, or written meanwhile, makes it necessary to look again.
  int leave() {
    const std::string name = std::move(m_levels.back().name);
    m_levels.pop_back();
    const int at = m_levels.empty() ? m_at : m_levels.back().folder.fd();
    if (::unlinkat(at, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return 0;
    const int failed = errno;
    if ((failed != ENOTEMPTY && failed != EEXIST) || m_looks++ > m_brought + 16) return failed;
    return take(at, name.c_str());
  }

  const int m_at;
  const char* const m_name;
  std::vector<Level> m_levels;
  std::uint64_t m_brought = 0, m_looks = 0;
};

}  // namespace

TreeUse measure_tree(const std::string& folder) {
  TreeUse use;
  std::set<ino_t> several;  // files with more names than one
  const Walk seen = walk(Folder(AT_FDCWD, folder.c_str()), [&](int, const char*, const struct stat& about) {
    ++use.files;
    const bool one_of_several = !S_ISDIR(about.st_mode) && about.st_nlink > 1;
    const bool full = several.size() >= most_several;
    const bool again =
        one_of_several && (several.contains(about.st_ino) || (!full && !several.insert(about.st_ino).second));
    if (!again) use.bytes += static_cast<std::uint64_t>(about.st_blocks) * 512;
  });
  use.whole = seen.whole();
  use.hidden = seen.hidden;
  return use;
}

std::optional<Error> remove_tree(const std::string& path) {
  const int failed = Removal(AT_FDCWD, path.c_str()).run();
  if (failed == 0) return std::nullopt;
  return service::file_error("remove", path, failed);
}

std::optional<Error> give_tree(const std::string& folder, uid_t user) {
  int failed = 0;
  if (::lchown(folder.c_str(), user, user) != 0) failed = errno;
  const Walk seen = walk(Folder(AT_FDCWD, folder.c_str()), [&](int at, const char* name, const struct stat& about) {
    if (about.st_uid == user && about.st_gid == user) return;
    if (::fchownat(at, name, user, user, AT_SYMLINK_NOFOLLOW) != 0) failed = errno;
  });
  if (!seen.whole() && failed == 0) failed = EACCES;
  if (failed == 0) return std::nullopt;
  return service::file_error("own", folder, failed);
}

}  // namespace berth::session

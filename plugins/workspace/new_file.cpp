// The usual dance, by descriptors: nobody can lead it elsewhere by renaming a folder on the way.
#include "new_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace workspace {

using berth::Error;

namespace {
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::size_t random_digits = 16;
constexpr const char* open_files = "/proc/self/fd";
// What a file is called just before it replaces another, so that who watches the folder can tell what that means.
constexpr const char* half_over = ".berth-half";
constexpr std::string_view half = ".berth-half-", half_over_too = ".berth-half-over-";
}  // namespace

std::string random_name(std::string_view beginning) {
  unsigned char random[random_digits];
  if (::getrandom(random, sizeof random, 0) != sizeof random) throw Error(500, "no_random", "the system has no random");
  std::string name(beginning);
  for (const unsigned char one : random) name += hex_digits[one % 16];
  return name;
}

bool is_random_name(std::string_view name, std::string_view beginning) {
  return name.size() == beginning.size() + random_digits && name.substr(0, beginning.size()) == beginning &&
         name.find_first_not_of(hex_digits, beginning.size()) == std::string_view::npos;
}

std::string half_name() { return random_name(half); }

bool is_half_name_over(std::string_view name) { return name == half_over || is_random_name(name, half_over_too); }

bool is_half_name(std::string_view name) { return is_half_name_over(name) || is_random_name(name, half); }

int rename_to_free(int from, const std::string& name, int to, const std::string& other) {
  if (::renameat2(from, name.c_str(), to, other.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  struct stat found;
  if (::fstatat(to, other.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return ::renameat(from, name.c_str(), to, other.c_str()) == 0 ? 0 : errno;
}

void write_all(int fd, std::string_view bytes, const Place& place) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) throw failure(wrote < 0 ? errno : ENOSPC, place);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

NewFile::NewFile(const Root& root, const Place& place, bool parents)
    : m_root(root), m_place(place), m_folder(root.folder_to_change(place, parents)) {
  old();
  if (open_nameless()) return;
  std::string name = half_name();
  m_file = berth::Fd(::openat(m_folder.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!m_file) throw failure(errno, place);
  m_half = std::move(name);
}

// False: the disk knows no such files, or what gives them names is not there. What else is wrong, a file with a name
// will tell.
bool NewFile::open_nameless() {
  if (::access(open_files, F_OK) != 0) return false;
  m_file = berth::Fd(::openat(m_folder.get(), ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
  return bool(m_file);
}

int NewFile::link_to(const std::string& name) const {
  const std::string way = open_files + ("/" + std::to_string(m_file.get()));
  return ::linkat(AT_FDCWD, way.c_str(), m_folder.get(), name.c_str(), AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

// For the moment before it is renamed. The name is always the same, so what a host left that was killed in this moment
// goes with the next file; unless somebody else is at it just now, too, or something there is in the way.
int NewFile::take_half_name() {
  const bool alone = ::flock(m_folder.get(), LOCK_EX | LOCK_NB) == 0;
  std::string name = alone ? half_over : random_name(half_over_too);
  if (alone) ::unlinkat(m_folder.get(), name.c_str(), 0);
  int wrong = link_to(name);
  if (wrong == EEXIST) wrong = link_to(name = random_name(half_over_too));
  if (wrong == 0) m_half = std::move(name);
  return wrong;
}

// A link replaces nothing, a rename does.
int NewFile::come_to(const std::string& name, Over over) {
  if (m_half.empty()) {
    const int wrong = link_to(name);
    if (wrong != EEXIST || over == Over::nothing) return wrong;
    if (const int without = take_half_name()) return without;
  } else {
    const int wrong = rename_to_free(m_folder.get(), m_half, m_folder.get(), name);
    if (wrong != EEXIST || over == Over::nothing) return wrong;
    std::string other = random_name(half_over_too);
    if (const int without = rename_to_free(m_folder.get(), m_half, m_folder.get(), other)) return without;
    m_half = std::move(other);
  }
  return ::renameat(m_folder.get(), m_half.c_str(), m_folder.get(), name.c_str()) == 0 ? 0 : errno;
}

NewFile::~NewFile() {
  if (!m_half.empty()) ::unlinkat(m_folder.get(), m_half.c_str(), 0);
}

void NewFile::write(std::string_view bytes) { write_all(m_file.get(), bytes, m_place); }

std::optional<struct stat> replaceable(int folder, const Place& place) {
  struct stat found;
  if (::fstatat(folder, place.name().c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw failure(errno, place);
  }
  if (S_ISREG(found.st_mode)) return found;
  if (S_ISLNK(found.st_mode)) {
    throw Error(403, "is_a_link", place.shown() + " is a link, and nothing is written through it",
                "name what it points to, or delete the link first");
  }
  throw Error(422, S_ISDIR(found.st_mode) ? "is_a_folder" : "not_a_file",
              place.shown() + " is " + std::string(kind_of(found.st_mode)) + ", which no file replaces");
}

struct stat NewFile::put(Over over, mode_t mode) {
  m_root.give(m_file.get(), m_place);
  if (::fchmod(m_file.get(), mode & 0777) != 0) throw failure(errno, m_place);
  if (const int wrong = come_to(m_place.name(), over)) throw failure(wrong, m_place);
  m_half.clear();
  struct stat made;
  if (::fstat(m_file.get(), &made) != 0) throw failure(errno, m_place);
  return made;
}

}  // namespace workspace

// The usual dance, by descriptors: nobody can lead it elsewhere by renaming a folder on the way.
#include "new_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>

#include <cerrno>
#include <utility>

namespace workspace {

using berth::Error;

std::string half_name() {
  static constexpr char letters[] = "0123456789abcdefghijklmnopqrstuv";
  unsigned char random[16];
  if (::getrandom(random, sizeof random, 0) != sizeof random) throw Error(500, "no_random", "the system has no random");
  std::string name = ".berth-half-";
  for (const unsigned char one : random) name += letters[one % 32];
  return name;
}

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
  std::string name = half_name();
  m_file = Fd(::openat(m_folder.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!m_file) throw failure(errno, place);
  m_half = std::move(name);
}

NewFile::~NewFile() {
  if (!m_half.empty()) ::unlinkat(m_folder.get(), m_half.c_str(), 0);
}

void NewFile::write(std::string_view bytes) { write_all(m_file.get(), bytes, m_place); }

std::optional<struct stat> NewFile::old() const {
  struct stat found;
  const std::string name = m_place.name();
  if (::fstatat(m_folder.get(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw failure(errno, m_place);
  }
  if (S_ISREG(found.st_mode)) return found;
  if (S_ISLNK(found.st_mode)) {
    throw Error(403, "is_a_link", m_place.shown() + " is a link, and nothing is written through it",
                "name what it points to, or delete the link first");
  }
  throw Error(422, S_ISDIR(found.st_mode) ? "is_a_folder" : "not_a_file",
              m_place.shown() + " is " + std::string(kind_of(found.st_mode)) + ", which no file replaces");
}

struct stat NewFile::put(Over over, mode_t mode) {
  m_root.give(m_file.get(), m_place);
  if (::fchmod(m_file.get(), mode & 0777) != 0) throw failure(errno, m_place);
  const std::string name = m_place.name();
  int went_wrong = 0;
  if (over == Over::nothing)
    went_wrong = rename_to_free(m_folder.get(), m_half, m_folder.get(), name);
  else if (::renameat(m_folder.get(), m_half.c_str(), m_folder.get(), name.c_str()) != 0)
    went_wrong = errno;
  if (went_wrong != 0) throw failure(went_wrong, m_place);
  m_half.clear();
  struct stat made;
  if (::fstat(m_file.get(), &made) != 0) throw failure(errno, m_place);
  return made;
}

}  // namespace workspace

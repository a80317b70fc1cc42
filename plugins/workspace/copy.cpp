// A copy grows under another name and comes to its place whole. Holes stay holes; links are copied as links, and what
// is neither file, folder nor link is left out and counted.
#include "copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "change.hpp"
#include "entry.hpp"
#include "folder_names.hpp"
#include "made.hpp"
#include "new_file.hpp"
#include "scratch.hpp"
#include "walk.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

namespace {

// Where the next data is from `at` on; disks that know no holes have data everywhere.
std::optional<off_t> next_data(int fd, off_t at, off_t size) {
  const off_t found = ::lseek(fd, at, SEEK_DATA);
  if (found >= 0) return found;
  return errno == ENXIO || at >= size ? std::nullopt : std::optional(at);
}

void copy_range(int from, int to, off_t at, off_t end, const Place& place) {
  while (at < end) {
    off_t in = at, out = at;
    const auto most = static_cast<std::size_t>(std::min<off_t>(end - at, 1 << 30));
    ssize_t got = ::copy_file_range(from, &in, to, &out, most, 0);
    if (got < 0 && (errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS)) {
      char block[64 << 10];
      got = ::pread(from, block, std::min(most, sizeof block), at);
      if (got > 0) got = ::pwrite(to, block, static_cast<std::size_t>(got), at);
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw failure(errno, place);
    if (got == 0) return;  // it has become shorter meanwhile
    at += got;
  }
}

void copy_content(int from, int to, const struct stat& found, const Place& place) {
  for (off_t at = 0; at < found.st_size;) {
    const auto data = next_data(from, at, found.st_size);
    if (!data) break;
    const off_t hole = ::lseek(from, *data, SEEK_HOLE);
    const off_t end = hole < 0 ? found.st_size : std::min(hole, found.st_size);
    copy_range(from, to, *data, end, place);
    at = std::max(end, *data + 1);
  }
  if (::ftruncate(to, found.st_size) != 0) throw failure(errno, place);
}

Error too_many(const Place& from) {
  return {413, "too_many", from.shown() + " has more than " + std::to_string(most_copied) + " entries",
          "copy the folders in it one by one"};
}

// Before anything is copied, which may take long.
void demand_few(int folder, const Place& from) {
  std::size_t count = 0;
  walk(folder, [&count](const Entry&) { return ++count > most_copied ? Step::stop : Step::on; });
  if (count > most_copied) throw too_many(from);
}

class TreeCopier {
 public:
  TreeCopier(const Asked& asked, const Place& from, const Place& to) : m_asked(asked), m_from(from), m_to(to) {}

  // What is in the folder `from` into one that was just made.
  void fill(int from, int made, std::size_t level = 0) {
    if (level == 0 && ::fstat(made, &m_top) != 0) throw failure(errno, m_to);
    m_asked.root.give(made, m_to);
    ++m_copied;
    each_name(from, [&](const std::string& one) {
      if (m_copied + m_left_out > most_copied) throw too_many(m_from);  // the folder itself counts as copied
      copy_one(from, one, made, level);
      return true;
    });
  }
  std::size_t copied() const { return m_copied; }
  std::size_t left_out() const { return m_left_out; }

 private:
  void copy_folder(int from, int folder, const std::string& name, std::size_t level) {
    if (level > most_copied_levels)
      throw Error(413, "too_deep", m_from.shown() + " has too many folders within folders");
    auto promise = m_asked.usage.demand(m_asked.root, of_folder);
    const auto made = make_folder_in(folder, name);
    if (!made.fd || !made.made) throw failure(made.fd ? EEXIST : errno, m_to);
    promise.became(static_cast<std::int64_t>(of_folder));
    fill(from, made.fd.get(), level);
  }
  void copy_one(int from, const std::string& name, int to, std::size_t level) {
    struct stat found;
    if (::fstatat(from, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return;  // gone meanwhile
    if (S_ISLNK(found.st_mode)) return copy_link(from, name, to);
    const bool folder = S_ISDIR(found.st_mode);
    if (!folder && !S_ISREG(found.st_mode)) return void(++m_left_out);
    const berth::Fd inner = folder ? open_folder_in(from, name) : open_file_in(from, name, found);
    if (!inner || (folder && ::fstat(inner.get(), &found) != 0)) return void(++m_left_out);
    if (folder && found.st_ino == m_top.st_ino && found.st_dev == m_top.st_dev) return;  // itself, by way of a link
    if (folder) return copy_folder(inner.get(), to, name, level + 1);
    copy_file(inner.get(), found, name, to);
  }
  void copy_file(int from, const struct stat& found, const std::string& name, int to) {
    auto promise = m_asked.usage.demand(m_asked.root, taken(found));
    const berth::Fd made(::openat(to, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!made) throw failure(errno, m_to);
    promise.covers(made.get());
    copy_content(from, made.get(), found, m_to);
    m_asked.root.give(made.get(), m_to);
    if (::fchmod(made.get(), found.st_mode & 0777) != 0) throw failure(errno, m_to);
    promise.became(static_cast<std::int64_t>(taken(found)));
    ++m_copied;
  }
  void copy_link(int from, const std::string& name, int to) {
    std::string target(4096, '\0');
    const ssize_t size = ::readlinkat(from, name.c_str(), target.data(), target.size() - 1);
    if (size < 0) return;
    target.resize(static_cast<std::size_t>(size));
    if (::symlinkat(target.c_str(), to, name.c_str()) != 0) throw failure(errno, m_to);
    const bool own = m_to.part == Part::upload || m_asked.root.user() == ::geteuid();
    const auto user = m_asked.root.user();
    if (!own && ::fchownat(to, name.c_str(), user, static_cast<gid_t>(user), AT_SYMLINK_NOFOLLOW) != 0)
      throw failure(errno, m_to);
    ++m_copied;
  }

  const Asked& m_asked;
  const Place &m_from, &m_to;
  struct stat m_top = {};  // of the copy
  std::size_t m_copied = 0, m_left_out = 0;
};

Json copy_file(const Asked& asked, const Place& from, const Place& to) {
  const berth::Fd file = asked.root.open_file(from);
  struct stat found;
  if (::fstat(file.get(), &found) != 0) throw failure(errno, from);
  const bool replace = asked.flag("replace");
  NewFile half(asked.root, to, asked.flag("parents", true));
  const auto before = half.old();
  if (before && !replace) throw failure(EEXIST, to);
  auto promise = asked.usage.demand(asked.root, taken(found), before ? taken(*before) : 0);
  promise.covers(half.fd());
  copy_content(file.get(), half.fd(), found, to);

  const std::lock_guard lock(asked.changing);
  const auto old = half.old();
  const auto made = half.put(replace ? NewFile::Over::file : NewFile::Over::nothing, found.st_mode);
  promise.became(static_cast<std::int64_t>(taken(made)) - static_cast<std::int64_t>(old ? taken(*old) : 0));
  Json answer = file_facts(to, made);
  answer["copied"] = 1;
  return answer;
}

Json copy_folder(const Asked& asked, const Place& from, const Place& to) {
  if (!asked.flag("recursive")) {
    throw Error(422, "is_a_folder", from.shown() + " is a folder", "say recursive to copy all that is in it");
  }
  if (to.path == from.path || to.path.rfind(from.path.empty() ? "" : from.path + "/", 0) == 0) {
    throw Error(422, "into_itself", "a folder cannot be copied into itself");
  }
  const berth::Fd source = asked.root.open_folder(from);
  const berth::Fd target = asked.root.folder_to_change(to, asked.flag("parents", true));
  struct stat found;
  if (::fstatat(target.get(), to.name().c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0) throw failure(EEXIST, to);
  demand_few(source.get(), from);
  TreeCopier copier(asked, from, to);
  try {
    auto promise = asked.usage.demand(asked.root, of_folder);
    Scratch scratch(target.get());
    promise.became(static_cast<std::int64_t>(of_folder));
    copier.fill(source.get(), scratch.fd());
    if (!scratch.becomes(to.name())) throw failure(errno, to);
  } catch (const Error&) {
    asked.usage.forget();
    throw;
  }
  return {{"path", to.shown()}, {"copied", copier.copied()}, {"left_out", copier.left_out()}};
}

}  // namespace

Json copy_entry(const Asked& asked) {
  const Place from = asked.place("from"), to = asked.place_to_change("to");
  demand_not_fixed(to, "replaced");
  const auto found = asked.root.look(from, true);
  return S_ISDIR(found.st_mode) ? copy_folder(asked, from, to) : copy_file(asked, from, to);
}

}  // namespace workspace

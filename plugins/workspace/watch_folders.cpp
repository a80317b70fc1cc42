// Which folders are watched, and what each is called now. A watch is put on an open descriptor, so that it is on the
// folder that was looked at.
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <berth/call.hpp>
#include <cerrno>
#include <cstring>

#include "folder_names.hpp"
#include "new_file.hpp"
#include "walk.hpp"
#include "watch.hpp"

namespace workspace {

using berth::Error;
using What = Change::What;

namespace {

constexpr unsigned deepest = 128;
constexpr std::uint32_t concerns = IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO |
                                   IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

// Of too many inotify instances the system says the same as of too many open files.
Error cannot_begin(int number) {
  const std::string what = "folders cannot be watched: ";
  if (number == EMFILE && berth::Fd(::eventfd(0, EFD_CLOEXEC)))
    return Error(503, "cannot_watch", what + "this user has as many inotify instances as the system allows",
                 "raise /proc/sys/fs/inotify/max_user_instances, or end some that watch");
  return Error(503, "cannot_watch", what + std::strerror(number),
               number == EMFILE ? "the process has no descriptor left: raise its limit of open files" : "try again");
}

Error cannot_add(int number) {
  if (number == ENOSPC)
    return Error(507, "cannot_watch", "the folder cannot be watched: this user watches as many as the system allows",
                 "raise /proc/sys/fs/inotify/max_user_watches, or end some that watch");
  return Error(503, "cannot_watch", std::string("the folder cannot be watched: ") + std::strerror(number), "try again");
}

berth::Fd had(int fd) {
  if (fd < 0) throw cannot_begin(errno);
  return berth::Fd(fd);
}

bool is_folder(int in, const std::string& name) {
  struct stat about {};
  return ::fstatat(in, name.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(about.st_mode);
}

}  // namespace

Watch::Watch(berth::Fd folder)
    : m_root(std::move(folder)),
      m_inotify(had(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK))),
      m_wake(had(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {
  m_root_id = add(m_root.get(), -1, {});
  if (m_root_id < 0) throw cannot_add(errno);
  add_below(m_root.get(), m_root_id, nullptr);
}

int Watch::add(int fd, int above, const std::string& name) {
  if (m_folders.size() >= most_folders) return -1;
  const std::string way = "/proc/self/fd/" + std::to_string(fd);
  const int id = ::inotify_add_watch(m_inotify.get(), way.c_str(), concerns);
  if (id >= 0) m_folders[id] = {above, name};
  return id;
}

// All folders in one that is watched. With `take`, what is found in it is new, and told.
bool Watch::add_below(int fd, int id, const Take* take, unsigned level) {
  bool on = true;
  if (level == deepest) m_incomplete = true;
  if (level == deepest) return true;
  each_name(fd, [&](const std::string& name) {
    if (is_half_name(name)) return true;
    const bool folder = is_folder(fd, name);
    if (take && m_told.insert({id, name}).second) on = (*take)({What::created, path_of(id, name), {}, folder});
    if (!on || !folder) return on;
    const berth::Fd below = open_folder_in(fd, name);
    if (!below) return true;  // gone
    const int inner = add(below.get(), id, name);
    if (inner < 0) return m_incomplete = true;
    return on = add_below(below.get(), inner, take, level + 1);
  });
  return on;
}

// A folder that has come to be in one that is watched.
bool Watch::find_and_add(int above, const std::string& name, const Take* take) {
  const std::string path = path_of(above, name);
  berth::Fd at = open_folder_in(m_root.get(), ".");
  for (std::size_t from = 0; at && from < path.size();) {
    const std::string piece = path.substr(from, path.find('/', from) - from);
    from += piece.size() + 1;
    berth::Fd next = open_folder_in(at.get(), piece);
    at = std::move(next);
  }
  if (!at) return true;  // gone already, or moved: then an event says so
  const int id = add(at.get(), above, name);
  if (id < 0) return lost(*take);
  return add_below(at.get(), id, take) && (!m_incomplete || lost(*take));
}

bool Watch::lost(const Take& take) {
  m_incomplete = false;
  m_told.clear();
  m_changed.clear();
  m_move = {};
  // Folders may have come meanwhile. Those that went say so themselves, unless that was lost, too.
  std::vector<int> known;
  for (const auto& [id, folder] : m_folders)
    if (id != m_root_id) known.push_back(id);
  for (const int id : known) ::inotify_rm_watch(m_inotify.get(), id);
  m_folders = {{m_root_id, {-1, {}}}};
  add_below(m_root.get(), m_root_id, nullptr);
  m_incomplete = false;
  return take({What::lost, {}, {}, true});
}

int Watch::find(int above, const std::string& name) const {
  for (const auto& [id, folder] : m_folders)
    if (folder.above == above && folder.name == name) return id;
  return -1;
}

void Watch::forget(int id) {
  if (id < 0) return;
  std::vector<int> below;
  for (const auto& [other, folder] : m_folders)
    if (folder.above == id) below.push_back(other);
  for (const int other : below) forget(other);
  ::inotify_rm_watch(m_inotify.get(), id);
  m_folders.erase(id);
}

void Watch::rename(int from, const std::string& name, int to, const std::string& other) {
  const int id = find(from, name);
  if (id < 0) return;
  const int replaced = find(to, other);  // an empty folder may be
  if (replaced >= 0 && replaced != id) forget(replaced);
  m_folders[id] = {to, other};
}

std::string Watch::path_of(int id) const {
  std::string path;
  for (auto at = m_folders.find(id); at != m_folders.end() && at->second.above >= 0;
       at = m_folders.find(at->second.above))
    path = path.empty() ? at->second.name : at->second.name + "/" + path;
  return path;
}

std::string Watch::path_of(int id, const std::string& name) const {
  const std::string path = path_of(id);
  return path.empty() ? name : path + "/" + name;
}

}  // namespace workspace

// Reading the queue, and what each event means.
#include "watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "new_file.hpp"

namespace workspace {

using What = Change::What;

namespace {

constexpr int gathering = 15;            // ms: what belongs together is read together
constexpr int still_there_every = 1000;  // ms
constexpr std::size_t room = 64u << 10;

}  // namespace

void Watch::end() {
  const std::uint64_t one = 1;
  if (::write(m_wake.get(), &one, sizeof one) < 0) return;  // it is full: it is awake
}

Watch::Woken Watch::wait(int milliseconds, bool for_events) const {
  pollfd both[2] = {{m_wake.get(), POLLIN, 0}, {m_inotify.get(), POLLIN, 0}};
  while (::poll(both, for_events ? 2 : 1, milliseconds) < 0 && errno == EINTR) {
  }
  if ((both[0].revents & POLLIN) != 0) return Woken::ended;
  return (both[1].revents & POLLIN) != 0 ? Woken::ready : Woken::quiet;
}

// The kernel does not tell of a folder that is deleted while it is open.
bool Watch::still_there() const {
  struct stat about {};
  return ::fstat(m_root.get(), &about) == 0 && about.st_nlink > 0;
}

void Watch::run(const Take& take) {
  if (m_incomplete && !lost(take)) return;
  for (;;) {
    const Woken woken = wait(still_there_every, true);
    if (woken == Woken::ended || wait(woken == Woken::ready ? gathering : 0, false) == Woken::ended) return;
    if (!read_all(take) || !end_move(take) || !flush_changed(take)) return;
    if (still_there()) continue;
    take({What::gone, {}, {}, true});
    return;
  }
}

bool Watch::read_all(const Take& take) {
  alignas(inotify_event) char bytes[room];
  for (;;) {
    const ssize_t got = ::read(m_inotify.get(), bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return m_told.clear(), true;
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(bytes + at);
      if (!on_event(*event, event->len > 0 ? std::string_view(event->name) : std::string_view(), take)) return false;
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
  }
}

bool Watch::on_event(const inotify_event& event, std::string_view name, const Take& take) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) return lost(take);
  const bool second_half = (event.mask & IN_MOVED_TO) != 0 && event.cookie == m_move.cookie;
  if (!second_half && !end_move(take)) return false;
  if (event.wd == m_root_id && (event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0) {
    if (flush_changed(take)) take({What::gone, {}, {}, true});
    return false;
  }
  if ((event.mask & IN_IGNORED) != 0) return m_folders.erase(event.wd), true;
  if (name.empty() || m_folders.count(event.wd) == 0) return true;
  return on_name(event, std::string(name), take);
}

bool Watch::on_name(const inotify_event& event, const std::string& name, const Take& take) {
  const bool folder = (event.mask & IN_ISDIR) != 0;
  if (is_half_name(name)) return on_half(event, name, take);
  if ((event.mask & (IN_MODIFY | IN_CLOSE_WRITE)) != 0) {
    std::pair<int, std::string> one(event.wd, name);
    if (std::find(m_changed.rbegin(), m_changed.rend(), one) == m_changed.rend()) m_changed.push_back(std::move(one));
    return m_changed.size() < 256 || flush_changed(take);
  }
  if (!flush_changed(take)) return false;
  if ((event.mask & IN_CREATE) != 0) return on_created(event, name, take);
  if ((event.mask & IN_MOVED_TO) != 0) return on_moved_in(event, name, take);
  m_told.erase({event.wd, name});
  if ((event.mask & IN_MOVED_FROM) != 0) {
    m_move = {event.cookie, path_of(event.wd, name), event.wd, name, folder, false};
    return true;
  }
  return take({What::deleted, path_of(event.wd, name), {}, folder});
}

// What is moved to such a name is about to be deleted.
bool Watch::on_half(const inotify_event& event, const std::string& name, const Take& take) {
  if (!end_move(take)) return false;
  if ((event.mask & IN_MOVED_FROM) != 0) m_move = {event.cookie, {}, event.wd, name, false, true};
  return true;
}

bool Watch::on_arrived(const std::string& half, const inotify_event& event, const std::string& name, const Take& take) {
  if (m_told.erase({event.wd, name}) > 0) return true;
  const What what = is_half_name_over(half) ? What::changed : What::created;
  return take({what, path_of(event.wd, name), {}, (event.mask & IN_ISDIR) != 0});
}

bool Watch::on_created(const inotify_event& event, const std::string& name, const Take& take) {
  const bool folder = (event.mask & IN_ISDIR) != 0;
  const bool told = m_told.erase({event.wd, name}) > 0;
  if (!told && !take({What::created, path_of(event.wd, name), {}, folder})) return false;
  return !folder || told || find_and_add(event.wd, name, &take);
}

bool Watch::on_moved_in(const inotify_event& event, const std::string& name, const Take& take) {
  const bool folder = (event.mask & IN_ISDIR) != 0;
  if (m_move.cookie == 0 || event.cookie != m_move.cookie) {
    if (m_told.erase({event.wd, name}) > 0) return true;
    if (!take({What::created, path_of(event.wd, name), {}, folder})) return false;
    return !folder || find_and_add(event.wd, name, &take);
  }
  const Move move = std::exchange(m_move, {});
  if (move.half) return on_arrived(move.name, event, name, take);
  if (folder) rename(move.in, move.name, event.wd, name);
  m_told.erase({event.wd, name});
  return take({What::moved, path_of(event.wd, name), move.path, folder});
}

// The other half did not come: it went out of what is watched.
bool Watch::end_move(const Take& take) {
  if (m_move.cookie == 0) return true;
  const Move move = std::exchange(m_move, {});
  if (move.half) return true;
  if (move.folder) forget(find(move.in, move.name));
  return take({What::deleted, move.path, {}, move.folder});
}

bool Watch::flush_changed(const Take& take) {
  for (const auto& [id, name] : std::exchange(m_changed, {}))
    if (m_folders.count(id) > 0 && !take({What::changed, path_of(id, name), {}, false})) return false;
  return true;
}

}  // namespace workspace

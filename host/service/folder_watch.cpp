// inotify. A queue that overflowed counts as a change.
#include "service/folder_watch.hpp"

#include <sys/inotify.h>

#include <boost/asio/buffer.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <utility>

namespace berth::service {

namespace fs = std::filesystem;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds quiet{50};
constexpr std::uint32_t what = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR;

}  // namespace

Result<std::shared_ptr<FolderWatch>> FolderWatch::open(EventLoop& loop, Ears ears) {
  const int inotify = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (inotify < 0)
    return Error{500, "cannot_watch", std::string("folders cannot be watched: ") + std::strerror(errno),
                 "look at /proc/sys/fs/inotify/max_user_instances"};
  auto watch = std::make_shared<FolderWatch>(loop, inotify, std::move(ears));
  watch->listen();
  return watch;
}

FolderWatch::FolderWatch(EventLoop& loop, int inotify, Ears ears)
    : m_inotify(loop.context(), inotify), m_quiet(loop.context()), m_ears(std::move(ears)), m_room(64u << 10) {}

bool FolderWatch::add(const std::string& folder) {
  return ::inotify_add_watch(m_inotify.native_handle(), folder.c_str(), what) >= 0;
}

void FolderWatch::add_below(const std::string& folder, const std::set<std::string>& but_for) {
  if (!add(folder)) return;
  std::error_code stopped;
  for (fs::directory_iterator at(folder, stopped), end; !stopped && at != end; at.increment(stopped)) {
    const std::string name = at->path().filename().string();
    std::error_code none;
    if (name.starts_with('.') || but_for.contains(name) || !fs::is_directory(at->symlink_status(none))) continue;
    add_below(at->path().string(), but_for);
  }
}

void FolderWatch::listen() {
  m_inotify.async_read_some(boost::asio::buffer(m_room),
                            [weak = weak_from_this()](const error_code& failed, std::size_t count) {
                              const auto self = weak.lock();
                              if (!self || failed) return;
                              self->on_events(count);
                              self->listen();
                            });
}

void FolderWatch::on_events(std::size_t count) {
  bool concerned = false;
  for (std::size_t at = 0; at + sizeof(inotify_event) <= count;) {
    inotify_event event;
    std::memcpy(&event, m_room.data() + at, sizeof event);
    const char* name = m_room.data() + at + sizeof event;
    concerned = concerned || (event.mask & IN_Q_OVERFLOW) != 0 || (event.len > 0 && m_ears.concerns(name));
    at += sizeof event + event.len;
  }
  if (!concerned) return;
  m_quiet.expires_after(quiet);
  m_quiet.async_wait([weak = weak_from_this()](const error_code& failed) {
    const auto self = weak.lock();
    if (self && !failed) self->m_ears.changed();
  });
}

}  // namespace berth::service

// What happens in a folder and all below it, by inotify. The kernel's queue is the bound: whoever takes too slowly
// hears `lost` and looks again. New folders are watched at once, and what was made in them meanwhile is told. Of a file
// that comes to its place in one step only that is told: it was created, or changed.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <berth/fd.hpp>

struct inotify_event;

namespace workspace {

struct Change {
  enum class What { created, changed, deleted, moved, lost, gone };  // gone: the watched folder itself
  What what;
  std::string path = {};  // below the watched folder; its bytes
  std::string from = {};  // of what moved
  bool folder = false;
};

class Watch {
 public:
  static constexpr std::size_t most_folders = 16'384;

  // Says whether to go on; may wait.
  using Take = std::function<bool(const Change&)>;

  // Throws an Error: 503 or 507, and which of the system's bounds is in the way. `folder` is the descriptor of what is
  // watched.
  explicit Watch(berth::Fd folder);
  Watch(const Watch&) = delete;

  std::size_t folders() const { return m_folders.size(); }
  // Until `take` says no, the folder is gone (which is told), or somebody ends it.
  void run(const Take& take);
  void end();  // any thread

 private:
  struct Folder {
    int above;  // -1: the root
    std::string name;
  };
  struct Move {  // the first half of one
    std::uint32_t cookie = 0;
    std::string path;
    int in = -1;
    std::string name;
    bool folder = false;
    bool half = false;  // of a file that is on its way to its place, of which nothing is told
  };

  enum class Woken { ended, quiet, ready };
  Woken wait(int milliseconds, bool for_events) const;
  bool still_there() const;
  bool read_all(const Take& take);
  bool on_event(const inotify_event& event, std::string_view name, const Take& take);
  bool on_name(const inotify_event& event, const std::string& name, const Take& take);
  bool on_created(const inotify_event& event, const std::string& name, const Take& take);
  bool on_half(const inotify_event& event, const std::string& name, const Take& take);
  bool on_moved_in(const inotify_event& event, const std::string& name, const Take& take);
  bool on_arrived(const std::string& half, const inotify_event& event, const std::string& name, const Take& take);
  bool end_move(const Take& take);
  bool flush_changed(const Take& take);
  bool lost(const Take& take);

  int add(int fd, int above, const std::string& name);
  bool add_below(int fd, int id, const Take* take, unsigned level = 0);
  bool find_and_add(int above, const std::string& name, const Take* take);
  void forget(int id);
  void rename(int from, const std::string& name, int to, const std::string& other);
  int find(int above, const std::string& name) const;
  std::string path_of(int id) const;
  std::string path_of(int id, const std::string& name) const;

  const berth::Fd m_root, m_inotify, m_wake;
  int m_root_id = -1;
  std::unordered_map<int, Folder> m_folders;  // by watch descriptor
  std::set<std::pair<int, std::string>>
      m_told;  // created, as found by looking; its event is still in the queue, if any
  std::vector<std::pair<int, std::string>> m_changed;  // not told yet
  Move m_move;
  bool m_incomplete = false;  // a folder could not be watched
};

}  // namespace workspace

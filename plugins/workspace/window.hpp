// The files that several threads look into at the same time, in the order in which they are told of. Whoever searches
// tells of the first; helpers look into those behind it and keep what they find, as much as a window holds.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <berth/fd.hpp>

#include "helpers.hpp"
#include "line_scan.hpp"

namespace workspace {

struct SearchWish;

class Window final : Shareable {
 public:
  struct Folder {
    berth::Fd fd;
    std::string path;  // with the slash at its end, if it has a name
  };
  struct File {
    std::shared_ptr<const Folder> folder;  // of all its files
    std::string name;
    std::uint64_t unreadable;  // folders before it
    enum class State { waiting, taken, looked_into } state = State::waiting;
    // What was found, once it was looked into, and how many bytes that is.
    std::vector<Line> lines = {};
    std::size_t kept = 0;
    LineScan::End end = LineScan::End::whole;

    std::string path() const { return folder->path + name; }
  };

  static constexpr std::size_t most_kept = 512u << 10;  // bytes of lines; each thread may bring one line more

  Window(const SearchWish& wish, Helpers& helpers);
  ~Window();  // no helper is in it any more

  // For the thread that searches, and for no other.
  void add(std::shared_ptr<const Folder> folder, std::string name, std::uint64_t unreadable);
  bool empty() const { return m_files.empty(); }
  bool full() const;
  // The first, if it was looked into, or if nobody has begun to: then the caller does, and now. Otherwise nothing, once
  // another was looked into meanwhile, or a moment is over. `more` is asked between two blocks.
  File* first(Room& room, const LineScan::More& more);
  File* first_if_ready();
  void drop_first();

  static LineScan::End look_into(const File& file, const Matcher& matcher, Room& room, const LineScan::Take& take,
                                 const LineScan::More& more);

 private:
  bool has_parts() const override;
  void do_part(Room& room) override;
  bool may_take() const { return m_begun < m_files.size() && !m_crowded; }
  File* take();
  void begin(File& first, std::unique_lock<std::mutex>& lock);
  void look_ahead(File& file, Room& room, const LineScan::More& more);
  bool keep(File& file, Line&& line);
  void settle(File& file, bool whole);

  const SearchWish& m_wish;
  const std::size_t m_most;
  std::size_t m_folders = 0;
  std::atomic<bool> m_over{false};
  std::atomic<std::size_t> m_kept{0};

  mutable std::mutex m_mutex;  // guards what follows, and each file until it is looked into; only whoever searches
                               // adds and drops, so that one may look without it
  std::condition_variable m_ready;
  std::deque<File> m_files;
  std::size_t m_begun = 0;  // so many of the first are not for helpers any more
  bool m_crowded = false;   // something was too much to keep: nobody looks ahead until there is room again

  Helpers::Sharing m_sharing;  // goes first
};

}  // namespace workspace

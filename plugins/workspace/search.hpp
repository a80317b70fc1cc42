// Looks through a folder and all below it, for names and for what is in the files. Links are not followed, binary files
// are left out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "glob.hpp"
#include "line_scan.hpp"
#include "matcher.hpp"
#include "window.hpp"

namespace workspace {

struct SearchWish {
  std::optional<Matcher> matcher;  // without: names alone
  Globs globs{{}};
  bool hidden = false;      // names that begin with a dot, too
  bool files_only = false;  // one match a file
  std::uint64_t limit = 1000;
};

struct Found {
  const std::string& path;  // below the folder
  unsigned char type;       // as readdir says
  std::optional<Line> line;
};

struct SearchCounts {
  std::uint64_t files = 0;  // that were looked into, or names that were looked at
  std::uint64_t found = 0;
  std::uint64_t binary = 0;      // that were left out
  std::uint64_t unreadable = 0;  // files and folders
  bool limited = false;          // there may be more: the limit was reached
  bool stopped = false;          // by `more`
};

class Search {
 public:
  // `take` says whether to go on; so does `more`, which is asked all the time. Both are called by the one thread that
  // runs, whoever helps.
  using Take = std::function<bool(Found&&)>;
  using More = std::function<bool()>;
  Search(const SearchWish& wish, Helpers& helpers, Take take, More more)
      : m_wish(wish), m_helpers(helpers), m_take(std::move(take)), m_more(std::move(more)) {}
  SearchCounts run(int folder);
  // One file alone.
  SearchCounts run_file(int fd, const std::string& path);

 private:
  bool visit(const struct Entry& entry);
  void line_up(const Entry& entry);
  void step();
  void tell(Window::File& file);
  void tell_what_is_ready();
  LineScan::End look_into(const Window::File& file);
  LineScan::Take taker(const std::string& path);
  void count(LineScan::End end);
  bool give(Found&& found);
  bool go_on();
  bool ended() const { return m_counts.limited || m_counts.stopped; }

  const SearchWish& m_wish;
  Helpers& m_helpers;
  const Take m_take;
  const More m_more;
  Room m_room;
  std::optional<Window> m_window;                  // while lines are searched
  std::shared_ptr<const Window::Folder> m_folder;  // of the last file in it
  std::size_t m_passed = 0;                        // names
  std::uint64_t m_unreadable = 0;                  // folders, before the file that was told of last
  SearchCounts m_counts;
};

}  // namespace workspace

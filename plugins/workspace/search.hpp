// Looks through a folder and all below it, for names and for what is in the files. Links are not followed, binary files
// are left out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "glob.hpp"
#include "line_scan.hpp"
#include "matcher.hpp"

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
  // `take` says whether to go on; so does `more`, which is asked all the time.
  using Take = std::function<bool(Found&&)>;
  using More = std::function<bool()>;
  Search(const SearchWish& wish, Take take, More more)
      : m_wish(wish), m_take(std::move(take)), m_more(std::move(more)) {
    if (m_wish.matcher) m_scan.emplace(*m_wish.matcher);
  }
  SearchCounts run(int folder);
  // One file alone.
  SearchCounts run_file(int fd, const std::string& path);

 private:
  bool visit(const struct Entry& entry);
  bool scan(int fd, const std::string& path);
  bool give(Found&& found);

  const SearchWish& m_wish;
  const Take m_take;
  const More m_more;
  std::optional<LineScan> m_scan;
  SearchCounts m_counts;
};

}  // namespace workspace

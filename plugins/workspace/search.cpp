// Walks, and looks into one file after the other.
#include "search.hpp"

#include <sys/stat.h>

#include <utility>

#include "walk.hpp"

namespace workspace {

SearchCounts Search::run(int folder) {
  const Walked walked = walk(folder, [this](const Entry& entry) {
    if (!m_wish.hidden && entry.name[0] == '.') return Step::past;
    if (entry.type == DT_DIR && m_wish.globs.leaves_out(entry.path)) return Step::past;
    return visit(entry) ? Step::on : Step::stop;
  });
  m_counts.unreadable += walked.unreadable;
  return m_counts;
}

SearchCounts Search::run_file(int fd, const std::string& path) {
  scan(fd, path);
  return m_counts;
}

bool Search::visit(const Entry& entry) {
  if (!m_more()) {
    m_counts.stopped = true;
    return false;
  }
  if (!m_scan) {
    ++m_counts.files;
    return !m_wish.globs.match(entry.path) || give({entry.path, entry.type, std::nullopt});
  }
  if (entry.type != DT_REG || !m_wish.globs.match(entry.path)) return true;
  struct stat about {};
  const berth::Fd fd = open_file_in(entry.folder, entry.name, about);
  if (!fd) {
    ++m_counts.unreadable;
    return true;
  }
  return about.st_size == 0 || scan(fd.get(), entry.path);
}

bool Search::scan(int fd, const std::string& path) {
  ++m_counts.files;
  bool enough = false;
  const auto end = m_scan->run(
      fd,
      [&](Line&& line) {
        if (!give({path, DT_REG, std::move(line)})) return !(enough = true);
        return !m_wish.files_only;
      },
      m_more);
  if (end == LineScan::End::binary) ++m_counts.binary;
  if (end == LineScan::End::unreadable) ++m_counts.unreadable;
  if (enough) return false;
  if (end == LineScan::End::stopped && !m_more()) m_counts.stopped = true;
  return !m_counts.stopped;
}

bool Search::give(Found&& found) {
  if (m_counts.found == m_wish.limit) {
    m_counts.limited = true;
    return false;
  }
  ++m_counts.found;
  if (m_take(std::move(found))) return true;
  m_counts.stopped = true;
  return false;
}

}  // namespace workspace

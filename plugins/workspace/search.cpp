// Walks, and tells of one file after the other, while others look ahead.
#include "search.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <string_view>
#include <utility>

#include "walk.hpp"

namespace workspace {

namespace {

constexpr std::size_t most_passed = 256;  // names, until what is found has to be told

}  // namespace

SearchCounts Search::run(int folder) {
  if (m_wish.matcher) m_window.emplace(m_wish, m_helpers);
  const Walked walked = walk(folder, [this](const Entry& entry) {
    if (!m_wish.hidden && entry.name[0] == '.') return Step::past;
    if (entry.type == DT_DIR && m_wish.globs.leaves_out(entry.path)) return Step::past;
    return visit(entry) ? Step::on : Step::stop;
  });
  if (m_window) {
    while (!ended() && !m_window->empty()) step();
    m_window.reset();
    m_folder.reset();
  }
  m_counts.unreadable += m_wish.matcher && ended() ? m_unreadable : walked.unreadable;
  return m_counts;
}

SearchCounts Search::run_file(int fd, const std::string& path) {
  count(LineScan(*m_wish.matcher, m_room).run(fd, taker(path), [this] { return go_on(); }));
  return m_counts;
}

bool Search::visit(const Entry& entry) {
  if (!go_on()) return false;
  if (!m_window) {
    ++m_counts.files;
    return !m_wish.globs.match(entry.path) || give({entry.path, entry.type, std::nullopt});
  }
  if (entry.type == DT_REG && m_wish.globs.match(entry.path)) line_up(entry);
  if (++m_passed % most_passed == 0 && !m_window->empty()) step();
  while (!ended() && m_window->full()) step();
  return !ended();
}

void Search::line_up(const Entry& entry) {
  const std::string_view in = std::string_view(entry.path).substr(0, entry.path.size() - entry.name.size());
  if (!m_folder || m_folder->path != in)
    m_folder = std::make_shared<const Window::Folder>(
        Window::Folder{berth::Fd(::fcntl(entry.folder, F_DUPFD_CLOEXEC, 0)), std::string(in)});
  m_window->add(m_folder, entry.name, entry.unreadable);
}

void Search::step() {
  if (!go_on()) return;
  Window::File* const file = m_window->first(m_room, [this] {
    tell_what_is_ready();
    return go_on();
  });
  if (file) tell(*file);
}

void Search::tell_what_is_ready() {
  while (!ended())
    if (Window::File* const file = m_window->first_if_ready())
      tell(*file);
    else
      return;
}

void Search::tell(Window::File& file) {
  m_unreadable = file.unreadable;
  if (file.state != Window::File::State::looked_into) file.end = look_into(file);
  const std::string path = file.lines.empty() ? std::string() : file.path();
  for (Line& line : file.lines)
    if (!give({path, DT_REG, std::move(line)})) file.end = LineScan::End::stopped;
  count(file.end);
  m_window->drop_first();
}

// One that nobody has looked into yet: each line is told as it is found.
LineScan::End Search::look_into(const Window::File& file) {
  const std::string path = file.path();
  return Window::look_into(file, *m_wish.matcher, m_room, taker(path), [this] { return go_on(); });
}

LineScan::Take Search::taker(const std::string& path) {
  return [this, &path](Line&& line) { return give({path, DT_REG, std::move(line)}) && !m_wish.files_only; };
}

void Search::count(LineScan::End end) {
  using End = LineScan::End;
  if (end != End::unopened && end != End::empty) ++m_counts.files;
  if (end == End::binary) ++m_counts.binary;
  if (end == End::unreadable || end == End::unopened) ++m_counts.unreadable;
}

bool Search::give(Found&& found) {
  if (ended()) return false;
  if (m_counts.found == m_wish.limit) {
    m_counts.limited = true;
    return false;
  }
  ++m_counts.found;
  if (m_take(std::move(found))) return true;
  m_counts.stopped = true;
  return false;
}

bool Search::go_on() {
  if (!ended() && !m_more()) m_counts.stopped = true;
  return !ended();
}

}  // namespace workspace

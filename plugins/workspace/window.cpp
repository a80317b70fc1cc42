// What would be too much to keep is let go of, and looked into again when it is told of.
#include "window.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "search.hpp"
#include "walk.hpp"

namespace workspace {

namespace {

constexpr std::size_t most_files = 256, most_folders = 16;
constexpr std::size_t worth_a_call = 8;  // files; to wake somebody takes as long as to look into a small one
constexpr std::chrono::milliseconds moment{20};

}  // namespace

Window::Window(const SearchWish& wish, Helpers& helpers)
    : m_wish(wish), m_most(helpers.most() > 0 ? most_files : 1), m_sharing(helpers, *this) {}

Window::~Window() { m_over = true; }

void Window::add(std::shared_ptr<const Folder> folder, std::string name, std::uint64_t unreadable) {
  std::size_t waiting = 0;
  {
    const std::lock_guard<std::mutex> lock(m_mutex);
    if (m_files.empty() || m_files.back().folder != folder) ++m_folders;
    m_files.push_back({std::move(folder), std::move(name), unreadable});
    waiting = m_files.size() - m_begun;
  }
  if (waiting % worth_a_call == 0) m_sharing.call();
}

bool Window::full() const { return m_files.size() >= m_most || m_folders > most_folders; }

Window::File* Window::first(Room& room, const LineScan::More& more) {
  std::unique_lock<std::mutex> lock(m_mutex);
  File& file = m_files.front();
  if (file.state == File::State::looked_into) return &file;
  if (file.state == File::State::waiting) {
    begin(file, lock);
    return &file;
  }
  if (File* const other = take()) {
    lock.unlock();
    look_ahead(*other, room, more);
  } else {
    m_ready.wait_for(lock, moment, [&file] { return file.state != File::State::taken; });
  }
  return nullptr;
}

// By the caller, who is busy for a while now.
void Window::begin(File& first, std::unique_lock<std::mutex>& lock) {
  first.state = File::State::taken;
  m_begun = std::max<std::size_t>(m_begun, 1);
  const bool others = may_take();
  lock.unlock();
  if (others) m_sharing.call();
}

Window::File* Window::first_if_ready() {
  const std::lock_guard<std::mutex> lock(m_mutex);
  return !m_files.empty() && m_files.front().state == File::State::looked_into ? &m_files.front() : nullptr;
}

void Window::drop_first() {
  const std::lock_guard<std::mutex> lock(m_mutex);
  m_kept -= m_files.front().kept;
  if (m_kept <= most_kept / 2) m_crowded = false;
  if (m_files.size() == 1 || m_files[1].folder != m_files[0].folder) --m_folders;
  m_files.pop_front();
  --m_begun;
}

LineScan::End Window::look_into(const File& file, const Matcher& matcher, Room& room, const LineScan::Take& take,
                                const LineScan::More& more) {
  struct stat about {};
  const berth::Fd fd = open_file_in(file.folder->fd.get(), file.name, about);
  if (!fd) return LineScan::End::unopened;
  if (about.st_size == 0) return LineScan::End::empty;
  return LineScan(matcher, room).run(fd.get(), take, more);
}

bool Window::has_parts() const {
  const std::lock_guard<std::mutex> lock(m_mutex);
  return may_take();
}

void Window::do_part(Room& room) {
  File* file = nullptr;
  {
    const std::lock_guard<std::mutex> lock(m_mutex);
    file = take();
  }
  if (file) look_ahead(*file, room, [this] { return !m_over; });
}

Window::File* Window::take() {
  if (!may_take()) return nullptr;
  File& file = m_files[m_begun++];
  file.state = File::State::taken;
  return &file;
}

void Window::look_ahead(File& file, Room& room, const LineScan::More& more) {
  bool enough = false, whole = false;
  std::exception_ptr theirs;  // of whoever was asked, and not of looking
  const auto ask = [&] {
    try {
      return more();
    } catch (...) {
      theirs = std::current_exception();
      return false;
    }
  };
  try {
    file.end = look_into(
        file, *m_wish.matcher, room,
        [&](Line&& line) {
          const bool room_left = keep(file, std::move(line));
          enough = m_wish.files_only || file.lines.size() > m_wish.limit;
          return room_left && !enough;
        },
        ask);
    whole = enough || file.end != LineScan::End::stopped;
  } catch (const std::exception&) {  // of memory there is too little: whoever tells of the file says so
  }
  settle(file, whole);
  if (theirs) std::rethrow_exception(theirs);
}

bool Window::keep(File& file, Line&& line) {
  const std::size_t size = sizeof line + line.text.size();
  file.lines.push_back(std::move(line));
  file.kept += size;
  return (m_kept += size) <= most_kept;
}

void Window::settle(File& file, bool whole) {
  const std::lock_guard<std::mutex> lock(m_mutex);
  if (!whole) {
    m_kept -= std::exchange(file.kept, 0);
    file.lines = {};
    m_crowded = true;
  }
  file.state = whole ? File::State::looked_into : File::State::waiting;
  if (&file == &m_files.front()) m_ready.notify_one();
}

}  // namespace workspace

// What a StandIn lends besides the log: timers whose time the test moves, and files in a folder that goes with it.
// Programs and HTTP services stand in outside.hpp.
#ifndef BERTH_CHECK_LENT_HPP
#define BERTH_CHECK_LENT_HPP

#include <berth/call.hpp>
#include <berth/service/files.h>
#include <berth/service/timers.h>
#include <fcntl.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>

namespace berth::check {

// Time stands still until the test lets some pass; then what became due ticks, on the test's thread, in its order.
class LentTimers {
 public:
  ~LentTimers() { drop(); }
  std::uint64_t add(std::uint64_t ms, std::uint64_t every, const berth_tick& tick) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    if (m_all.size() >= BERTH_TIMERS_MOST) return 0;
    m_all[++m_last] = {m_now + ms, every, tick};
    return m_last;
  }
  bool cancel(std::uint64_t timer) {
    std::optional<One> one;
    bool running = false;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      const auto at = m_all.find(timer);
      if (at == m_all.end()) return false;
      one = at->second;
      running = m_running == timer;
      if (running) m_gone = one->tick;  // after its tick
      m_all.erase(at);
    }
    if (!running && one->tick.gone) one->tick.gone(one->tick.with);
    return !running;
  }
  void pass(std::chrono::milliseconds time) {
    const std::uint64_t until = m_now + static_cast<std::uint64_t>(std::max<std::int64_t>(0, time.count()));
    while (tick_before(until)) {
    }
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_now = until;
  }
  std::size_t size() const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    return m_all.size();
  }
  void drop() {  // as before destroy()
    std::map<std::uint64_t, One> all;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      all.swap(m_all);
    }
    for (const auto& [number, one] : all) {
      if (one.tick.gone) one.tick.gone(one.tick.with);
    }
  }

 private:
  struct One {
    std::uint64_t due = 0, every = 0;
    berth_tick tick{};
  };
  bool tick_before(std::uint64_t until) {
    One one;
    std::uint64_t timer = 0;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      const auto first = std::min_element(m_all.begin(), m_all.end(),
                                          [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
      if (first == m_all.end() || first->second.due > until) return false;
      timer = m_running = first->first;
      one = first->second;
      m_now = std::max(m_now, one.due);
      first->second.due += one.every;
    }
    one.tick.tick(one.tick.with, timer, 0);
    finish(timer, one);
    return true;
  }
  void finish(std::uint64_t timer, const One& one) {
    std::optional<berth_tick> gone;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      m_running = 0;
      gone.swap(m_gone);
      if (one.every == 0 && m_all.erase(timer) == 1) gone = one.tick;
    }
    if (gone && gone->gone) gone->gone(gone->with);
  }

  mutable std::mutex m_mutex;  // guards what follows
  std::map<std::uint64_t, One> m_all;
  std::uint64_t m_now = 0, m_last = 0, m_running = 0;
  std::optional<berth_tick> m_gone;
};

// A folder below the system's for temporary files, made when it is first used, gone with this.
class LentFiles {
 public:
  LentFiles() = default;
  LentFiles(const LentFiles&) = delete;
  ~LentFiles() {
    std::error_code ignored;
    if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
  }
  const std::string& path() {
    const std::lock_guard<std::mutex> lock(m_mutex);
    if (m_path.empty()) {
      std::string name = (std::filesystem::temp_directory_path() / "berth-stand-in-XXXXXX").string();
      if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder can be made");
      m_path = name;
    }
    return m_path;
  }

  int read(berth_text name, std::uint64_t at_most, const berth_files_answer* answer) {
    std::string content;
    const auto file = place(name, answer);
    if (!file) return 0;
    std::ifstream in(*file, std::ios::binary);
    if (!in || !std::filesystem::is_regular_file(*file)) return refuse(answer, 404, "no_file", "there is no such file");
    content.assign(std::istreambuf_iterator<char>(in), {});
    if (content.size() > at_most) return refuse(answer, 413, "file_too_large", "the file is too large");
    if (answer && answer->content) answer->content(answer->with, berth::detail::text(content));
    return 1;
  }
  int write(berth_text name, berth_text content, bool more, const berth_files_answer* answer) {
    const auto file = place(name, answer);
    if (!file) return 0;
    std::error_code failed;
    std::filesystem::create_directories(file->parent_path(), failed);
    std::ofstream out(*file, std::ios::binary | (more ? std::ios::app : std::ios::trunc));
    if (content.size > 0) out.write(content.data, static_cast<std::streamsize>(content.size));
    out.flush();
    return out ? 1 : refuse(answer, 500, "file_error", "the file cannot be written");
  }
  int remove(berth_text name, const berth_files_answer* answer) {
    const auto file = place(name, answer);
    if (!file) return 0;
    std::error_code failed;
    if (std::filesystem::remove(*file, failed)) return 1;
    return failed ? refuse(answer, 500, "file_error", "it cannot be removed")
                  : refuse(answer, 404, "no_file", "there is no such file");
  }
  int list(berth_text folder, const berth_files_answer* answer) {
    const auto where = folder.size > 0 ? place(folder, answer) : std::filesystem::path(path());
    if (!where) return 0;
    if (!std::filesystem::is_directory(*where)) return refuse(answer, 404, "no_file", "there is no such folder");
    std::set<std::filesystem::path> all;
    for (const auto& one : std::filesystem::directory_iterator(*where)) all.insert(one.path());
    for (const auto& one : all) {
      const std::string name = one.filename().string();
      const bool inner = std::filesystem::is_directory(one);
      const berth_files_entry raw{sizeof raw, inner ? 1u : 0u, berth::detail::text(name),
                                  inner ? 0 : std::filesystem::file_size(one), 0};
      if (answer && answer->entry) answer->entry(answer->with, &raw);
    }
    return 1;
  }
  int open(berth_text name, const berth_files_answer* answer) {
    const auto file = place(name, answer);
    if (!file) return -1;
    const int fd = ::open(file->c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) refuse(answer, 404, "no_file", "there is no such file");
    return fd;
  }

 private:
  std::optional<std::filesystem::path> place(berth_text name, const berth_files_answer* answer) {
    const std::filesystem::path given(berth::detail::copy(name));
    bool good = !given.empty() && given.is_relative() && given.has_filename();
    for (const auto& part : given) good = good && part != ".." && part != ".";
    if (good) return std::filesystem::path(path()) / given;
    refuse(answer, 422, "bad_name", "that is no name of a file here");
    return std::nullopt;
  }
  static int refuse(const berth_files_answer* answer, int status, const char* code, const char* message) {
    const Error error(status, code, message);
    const auto raw = berth::detail::failure(error);
    if (answer && answer->fail) answer->fail(answer->with, &raw);
    return 0;
  }

  std::mutex m_mutex;
  std::string m_path;
};

}  // namespace berth::check

#endif

// systemd's journal, read from its files: without journalctl, and where nothing of systemd runs.
#pragma once

#include <berth/call.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace machine {

struct JournalAsked {
  std::string unit, since, priority, transport;
  std::size_t lines = 100;
};

// "err", "3", "emerg..warning"; the numbers from and to, or a problem.
std::pair<int, int> priorities_of(const std::string& text);

// The latest entries of the newest 200 files, the oldest of them first. It gives up when `gone` says so, or after some
// seconds.
berth::Json read_journal(std::vector<std::string> files, const JournalAsked& asked, const std::function<bool()>& gone);

// One reader at a time: each holds its files open and maps them.
class JournalDesk {
 public:
  explicit JournalDesk(std::chrono::milliseconds patience = std::chrono::seconds(15)) : m_patience(patience) {}
  berth::Json read(const std::vector<std::string>& files, const JournalAsked& asked, const std::function<bool()>& gone);

 private:
  const std::chrono::milliseconds m_patience;
  std::mutex m_mutex;  // guards what follows
  std::condition_variable m_changed;
  bool m_reading = false;
};

// libsystemd maps the files that it reads: one that is shortened meanwhile ends the process. So they are read only
// where that is the plugin's own, as this process's command line tells (/proc/self/cmdline).
bool in_a_process_of_its_own(std::string_view command_line);

}  // namespace machine

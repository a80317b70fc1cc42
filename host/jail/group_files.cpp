// See group_files.hpp.
#include "jail/group_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

#include "service/unique_fd.hpp"

namespace berth::jail {

std::string read_small(const std::string& path) {
  char text[4096];
  const service::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string all;
  for (ssize_t got; file && (got = ::read(file.get(), text, sizeof text)) > 0;)
    all.append(text, static_cast<std::size_t>(got));
  return all;
}

int write_small(const std::string& path, std::string_view content) {
  const service::UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return -1;
  return ::write(file.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()) ? 0 : -1;
}

bool contains_word(std::string_view text, std::string_view word) {
  std::istringstream in{std::string(text)};
  for (std::string one; in >> one;) {
    if (one == word) return true;
  }
  return false;
}

// The 22nd field; the second may hold spaces and ends with the last parenthesis.
std::string start_time(const std::string& pid) {
  const std::string stat = read_small("/proc/" + pid + "/stat");
  const auto end = stat.rfind(')');
  if (end == std::string::npos) return "";
  std::istringstream in(stat.substr(end + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) in >> field;
  return field;
}

std::string host_mark() {
  const std::string own = std::to_string(::getpid());
  return own + "-" + start_time(own) + "-";
}

bool host_lives(const std::string& name) {
  const auto dash = name.find('-');
  if (dash == std::string::npos) return true;  // not ours
  const std::string pid = name.substr(0, dash);
  if (pid.find_first_not_of("0123456789") != std::string::npos) return true;
  const std::string start = name.substr(dash + 1, name.find('-', dash + 1) - dash - 1);
  return start == start_time(pid);
}

void kill_group(const std::string& folder) {
  if (write_small(folder + "/cgroup.kill", "1") == 0) return;
  std::istringstream in(read_small(folder + "/cgroup.procs"));
  for (pid_t pid = 0; in >> pid;) {
    if (pid > 0) ::kill(pid, SIGKILL);
  }
}

// What was killed leaves its group a moment later.
bool remove_group(const std::string& folder) {
  for (int i = 0; i < 400; ++i) {
    if (::rmdir(folder.c_str()) == 0 || errno == ENOENT) return true;
    if (errno != EBUSY) return false;
    kill_group(folder);
    std::this_thread::sleep_for(std::chrono::milliseconds(i < 20 ? 1 : 5));
  }
  return false;
}

}  // namespace berth::jail

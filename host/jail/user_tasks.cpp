// See user_tasks.hpp.
#include "jail/user_tasks.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>

#include "jail/group_files.hpp"

namespace berth::jail {

namespace {

void each_process(const std::function<void(pid_t)>& with) {
  DIR* all = ::opendir("/proc");
  if (!all) return;
  while (const dirent* one = ::readdir(all)) {
    const int pid = std::atoi(one->d_name);
    if (pid > 0) with(pid);
  }
  ::closedir(all);
}

std::uint64_t threads_in(const std::string& status) {
  const auto at = status.find("\nThreads:");
  return at == std::string::npos ? 1 : std::strtoull(status.c_str() + at + 9, nullptr, 10);
}

std::uint64_t number_behind(const std::string& text, const char* name) {
  const auto at = text.find(name);
  return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + std::strlen(name), nullptr, 10);
}

std::optional<uid_t> user_in(const std::string& status) {
  if (status.find("\nUid:") == std::string::npos) return std::nullopt;
  return static_cast<uid_t>(number_behind(status, "\nUid:"));
}

// Behind the name, which may hold spaces: user, system, and both of its children are the 14th to 17th field.
std::uint64_t cpu_time_in(const std::string& stat) {
  std::istringstream in(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
  std::string field;
  for (int i = 3; i < 14; ++i) in >> field;
  std::uint64_t ticks = 0;
  for (std::uint64_t i = 0, one = 0; i < 4 && in >> one; ++i) ticks += one;
  return ticks * 1'000'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

std::uint64_t tasks_of(uid_t user) {
  std::uint64_t count = 0;
  each_process([&](pid_t pid) {
    const std::string folder = "/proc/" + std::to_string(pid);
    const std::string status = read_small(folder + "/status");
    if (user_in(status) == user) count += threads_in(status);
  });
  return count;
}

std::vector<pid_t> processes_of_session(pid_t session) {
  std::vector<pid_t> all;
  each_process([&](pid_t pid) {
    if (::getsid(pid) != session) return;
    const std::string stat = read_small("/proc/" + std::to_string(pid) + "/stat");
    const auto end = stat.rfind(')');
    if (end != std::string::npos && end + 2 < stat.size() && stat[end + 2] != 'Z') all.push_back(pid);
  });
  return all;
}

std::vector<pid_t> processes_of_user(uid_t user) {
  std::vector<pid_t> all;
  each_process([&](pid_t pid) {
    const std::string status = read_small("/proc/" + std::to_string(pid) + "/status");
    if (user_in(status) == user && status.find("\nState:\tZ") == std::string::npos) all.push_back(pid);
  });
  return all;
}

std::string pid_namespace_of(pid_t pid) {
  char name[64];
  const ssize_t size = ::readlink(("/proc/" + std::to_string(pid) + "/ns/pid").c_str(), name, sizeof name);
  return size > 0 ? std::string(name, static_cast<std::size_t>(size)) : "";
}

std::vector<pid_t> processes_of_namespace(const std::string& pid_namespace) {
  std::vector<pid_t> all;
  each_process([&](pid_t pid) {
    if (pid_namespace_of(pid) == pid_namespace) all.push_back(pid);
  });
  return all;
}

std::optional<TaskUse> use_of(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const std::string status = read_small(folder + "/status");
  if (status.empty()) return std::nullopt;
  const std::string parts = read_small(folder + "/smaps_rollup");
  const auto kilobytes = parts.empty() ? number_behind(status, "\nVmRSS:") : number_behind(parts, "\nPss:");
  return TaskUse{threads_in(status), kilobytes * 1024, cpu_time_in(read_small(folder + "/stat"))};
}

}  // namespace berth::jail

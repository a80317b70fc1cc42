// See user_tasks.hpp.
#include "jail/user_tasks.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
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

}  // namespace

std::uint64_t tasks_of(uid_t user) {
  std::uint64_t count = 0;
  each_process([&](pid_t pid) {
    const std::string folder = "/proc/" + std::to_string(pid);
    const std::string status = read_small(folder + "/status");
    const auto at = status.find("\nUid:");
    if (at != std::string::npos && std::strtoul(status.c_str() + at + 5, nullptr, 10) == user)
      count += threads_in(status);
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

}  // namespace berth::jail

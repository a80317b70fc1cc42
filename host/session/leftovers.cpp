// Reads /proc: whatever there is of processes and mounts stands there.
#include "session/leftovers.hpp"

#include <unistd.h>

#include <cctype>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

#include "service/files.hpp"

namespace berth::session {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds pause{20};  // what was killed takes its time to go
constexpr int patience = 100, most_parents = 64;

// A number in /proc/PID/status; null: there is no such process, or it has ended already.
std::optional<std::uint64_t> number_of(const std::string& pid, const std::string& field) {
  const auto status = service::read_file("/proc/" + pid + "/status", 1u << 20);
  if (!status || status->find("\nState:\tZ") != std::string::npos) return std::nullopt;
  const auto at = status->find("\n" + field + ":");
  if (at == std::string::npos) return std::nullopt;
  return std::strtoull(status->c_str() + at + field.size() + 2, nullptr, 10);
}

// What is in a jail is below this process. Another host on this machine gives the same users to its own.
bool is_ours(std::string pid) {
  const std::string own = std::to_string(::getpid());
  for (int depth = 0; depth < most_parents; ++depth) {
    const auto parent = number_of(pid, "PPid");
    if (!parent || *parent == 0) return false;
    pid = std::to_string(*parent);
    if (pid == own) return true;
  }
  return false;
}

// The owner of /proc/PID does not tell: of a process that keeps itself to itself that is root.
bool belongs(const std::string& pid, uid_t user) {
  const auto real = number_of(pid, "Uid");
  return real && (*real == user || *real == user + 1u) && is_ours(pid);
}

std::vector<std::string> processes_of(uid_t user) {
  std::vector<std::string> pids;
  std::error_code failed;
  for (fs::directory_iterator at("/proc", failed), end; !failed && at != end; at.increment(failed)) {
    std::string name = at->path().filename();
    if (std::isdigit(static_cast<unsigned char>(name[0])) && belongs(name, user)) pids.push_back(std::move(name));
  }
  return pids;
}

}  // namespace

void append_processes(std::vector<std::string>& left, uid_t user) {
  auto pids = processes_of(user);
  for (int i = 0; i < patience && !pids.empty(); ++i) {
    std::this_thread::sleep_for(pause);
    pids = processes_of(user);
  }
  for (const auto& pid : pids) left.push_back("process " + pid + " of user " + std::to_string(user));
}

void append_mounts(std::vector<std::string>& left, const std::string& folder) {
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string id, parent, device, root, point;
    fields >> id >> parent >> device >> root >> point;
    if (point == folder || point.starts_with(folder + "/")) left.push_back("mount " + point);
  }
}

}  // namespace berth::session

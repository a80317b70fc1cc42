// Reads /proc: whatever there is of processes and mounts stands there.
#include "session/leftovers.hpp"

#include <cctype>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "service/files.hpp"

namespace berth::session {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds pause{20};  // what was killed takes its time to go
constexpr int patience = 100;

// The owner of /proc/PID does not tell: of a process that keeps itself to itself that is root.
bool belongs(const std::string& pid, uid_t user) {
  const auto status = service::read_file("/proc/" + pid + "/status", 1u << 20);
  if (!status) return false;
  const auto at = status->find("\nUid:");
  if (at == std::string::npos) return false;
  const auto real = static_cast<uid_t>(std::strtoul(status->c_str() + at + 5, nullptr, 10));
  const bool ended = status->find("\nState:\tZ") != std::string::npos;
  return !ended && (real == user || real == user + 1);
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

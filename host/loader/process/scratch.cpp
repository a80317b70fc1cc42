// DATA/.tmp/NAME-PID. Whose number is given again stays until that one is dead, too.
#include "loader/process/scratch.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "service/files.hpp"

namespace berth::loader {

namespace fs = std::filesystem;

namespace {

// Whose an entry is; 0: nobody's.
pid_t owner_of(const std::string& entry) {
  const std::string number = entry.substr(entry.rfind('-') + 1);
  const bool digits = std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && !number.empty() && number.size() <= 9 ? std::atoi(number.c_str()) : 0;
}

bool is_dead(pid_t process) { return ::kill(process, 0) != 0 && errno == ESRCH; }

}  // namespace

service::Result<std::string> make_scratch(const std::string& folder) {
  const auto own = fs::absolute(folder).lexically_normal();
  const auto scratch = own.parent_path() / ".tmp" / (own.filename().string() + "-" + std::to_string(::getpid()));
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  if (auto error = service::make_directory(scratch)) return *error;
  return scratch.string();
}

void sweep_scratch(const std::string& folders) {
  std::vector<fs::path> left;
  std::error_code failed;
  for (fs::directory_iterator at(fs::path(folders) / ".tmp", failed), end; !failed && at != end; at.increment(failed)) {
    const auto owner = owner_of(at->path().filename().string());
    if (owner > 0 && is_dead(owner)) left.push_back(at->path());
  }
  for (const auto& one : left) fs::remove_all(one, failed);
}

}  // namespace berth::loader

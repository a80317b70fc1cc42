// Reads VmRSS, VmHWM and the list of open descriptors of a process.
#include "watch.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace berth::bench {

Held held_by(int pid) {
  Held held;
  const std::string folder = "/proc/" + std::to_string(pid);
  std::ifstream status(folder + "/status");
  for (std::string word; status >> word;) {
    if (word == "VmRSS:") status >> held.rss_kib;
    if (word == "VmHWM:") status >> held.peak_kib;
  }
  std::error_code failed;
  for (std::filesystem::directory_iterator at(folder + "/fd", failed), end; !failed && at != end;
       at.increment(failed)) {
    ++held.fds;
  }
  return held;
}

}  // namespace berth::bench

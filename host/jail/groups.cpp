// One jail's groups.
#include "jail/groups.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "jail/group_files.hpp"

namespace berth::jail {

using service::Error;
using service::Result;

namespace {

Error cannot(const std::string& what) {
  return {503, "jail_failed", "cannot limit a jail: " + what + ": " + std::strerror(errno)};
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

bool limit_memory(const std::string& folder, int version, std::uint64_t bytes) {
  const std::string text = std::to_string(bytes);
  if (version == 2) {
    if (exists(folder + "/memory.swap.max")) write_small(folder + "/memory.swap.max", "0");
    return write_small(folder + "/memory.max", text) == 0;
  }
  if (write_small(folder + "/memory.limit_in_bytes", text) != 0) return false;
  const std::string with_swap = folder + "/memory.memsw.limit_in_bytes";
  return !exists(with_swap) || write_small(with_swap, text) == 0;
}

bool limit_cpu(const std::string& folder, int version, double cores) {
  constexpr int period = 100'000;
  const std::string quota = std::to_string(std::max(1000L, std::lround(cores * period)));
  if (version == 2) return write_small(folder + "/cpu.max", quota + " " + std::to_string(period)) == 0;
  return write_small(folder + "/cpu.cfs_period_us", std::to_string(period)) == 0 &&
         write_small(folder + "/cpu.cfs_quota_us", quota) == 0;
}

// "oom_kill 3" in a file of such lines.
std::uint64_t number_after(const std::string& text, std::string_view name) {
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    std::uint64_t value = 0;
    if (word == name && in >> value) return value;
  }
  return 0;
}

std::optional<std::uint64_t> number_in(const std::string& path) {
  const std::string text = read_small(path);
  if (text.empty()) return std::nullopt;
  return std::strtoull(text.c_str(), nullptr, 10);
}

}  // namespace

Result<std::shared_ptr<Group>> Group::make(const std::vector<GroupPlace>& places, const std::string& name,
                                           const Limits& limits) {
  std::shared_ptr<Group> group(new Group);
  const std::string own = std::to_string(::getpid());
  const std::string full = own + "-" + start_time(own) + "-" + name;
  for (const auto& place : places) {
    if (!place.trouble.empty()) continue;
    const bool wanted = place.controller == "memory" ? limits.memory > 0
                        : place.controller == "pids" ? limits.processes > 0
                                                     : limits.cores > 0;
    if (!wanted) continue;
    if (auto error = group->add(place, full, limits)) return *error;
  }
  return group;
}

std::optional<Error> Group::add(const GroupPlace& place, const std::string& name, const Limits& limits) {
  const std::string folder = place.folder + "/" + name;
  const bool known = !m_folders.empty() && m_folders.back() == folder;  // version 2 has one folder for all
  if (!known) {
    if (::mkdir(folder.c_str(), 0755) != 0) return cannot(folder);
    m_folders.push_back(folder);
    m_entrances.emplace_back(::open((folder + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
    if (!m_entrances.back()) return cannot(folder + "/cgroup.procs");
  }
  bool good = true;
  if (place.controller == "memory") {
    m_memory = folder;
    m_memory_version = place.version;
    good = limit_memory(folder, place.version, limits.memory);
  } else if (place.controller == "pids") {
    m_pids = folder;
    good = write_small(folder + "/pids.max", std::to_string(limits.processes)) == 0;
  } else {
    good = limit_cpu(folder, place.version, limits.cores);
  }
  if (!good) return cannot(folder);
  return std::nullopt;
}

Group::~Group() { end(); }

std::vector<int> Group::entrances() const {
  std::vector<int> all;
  for (const auto& one : m_entrances) all.push_back(one.get());
  return all;
}

GroupUse Group::use() const {
  GroupUse use;
  if (!m_memory.empty()) {
    const bool second = m_memory_version == 2;
    use.memory = number_in(m_memory + (second ? "/memory.current" : "/memory.usage_in_bytes"));
    use.memory_kills =
        number_after(read_small(m_memory + (second ? "/memory.events" : "/memory.oom_control")), "oom_kill");
  }
  if (!m_pids.empty()) {
    use.processes = number_in(m_pids + "/pids.current");
    use.process_refusals = number_after(read_small(m_pids + "/pids.events"), "max");
  }
  return use;
}

void Group::kill() {
  for (const auto& folder : m_folders) kill_group(folder);
}

std::vector<std::string> Group::end() {
  m_entrances.clear();
  std::vector<std::string> left;
  for (auto& folder : m_folders) {
    if (!remove_group(folder)) left.push_back(std::move(folder));
  }
  m_folders.clear();
  m_memory.clear();
  m_pids.clear();
  return left;
}

}  // namespace berth::jail

// One jail's groups.
#include "jail/groups.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "jail/group_files.hpp"

namespace berth::jail {

using service::Error;
using service::Result;
using service::UniqueFd;

namespace {

Error cannot_limit(const std::string& what) {
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

std::string read_again(int fd) {
  char text[1024];
  const ssize_t got = fd < 0 ? 0 : ::pread(fd, text, sizeof text, 0);
  return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : "";
}

UniqueFd open_to_read(const std::string& path) { return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); }

std::optional<std::uint64_t> number_in(const std::string& path) {
  const std::string text = read_small(path);
  if (text.empty()) return std::nullopt;
  return std::strtoull(text.c_str(), nullptr, 10);
}

bool wanted(const std::string& controller, const Limits& limits) {
  if (controller == "memory") return limits.memory > 0;
  if (controller == "pids") return limits.processes > 0;
  return controller != "cpu" || limits.cores > 0;
}

// Of version 2, one for all of its controllers.
std::vector<std::string> folders_of(const std::vector<GroupPlace>& groups) {
  std::vector<std::string> folders;
  for (const auto& one : groups) {
    if (std::find(folders.begin(), folders.end(), one.folder) == folders.end()) folders.push_back(one.folder);
  }
  return folders;
}

}  // namespace

Result<std::shared_ptr<Group>> Group::make(const std::vector<GroupPlace>& places, const std::string& name,
                                           const Limits& limits) {
  const std::string full = host_mark() + name;
  std::vector<GroupPlace> groups;
  for (const auto& place : places) {
    if (!place.trouble.empty() || !wanted(place.controller, limits)) continue;
    groups.push_back(place);
    groups.back().folder += "/" + full;
  }
  std::vector<std::string> made;
  for (const auto& folder : folders_of(groups)) {
    if (::mkdir(folder.c_str(), 0755) == 0) {
      made.push_back(folder);
      continue;
    }
    const Error error = cannot_limit(folder);
    for (const auto& one : made) remove_group(one);
    return error;
  }
  return take(groups, limits);
}

Result<std::shared_ptr<Group>> Group::take(const std::vector<GroupPlace>& groups, const Limits& limits) {
  std::shared_ptr<Group> group(new Group);
  group->m_folders = folders_of(groups);
  for (const auto& folder : group->m_folders) {
    const std::string entrance = folder + "/cgroup.procs";
    group->m_entrances.emplace_back(::open(entrance.c_str(), O_WRONLY | O_CLOEXEC));
    if (!group->m_entrances.back()) return cannot_limit(entrance);
  }
  for (const auto& one : groups) {
    if (!group->limit(one, limits)) return cannot_limit(one.folder);
  }
  return group;
}

bool Group::limit(const GroupPlace& own, const Limits& limits) {
  const std::string& folder = own.folder;
  if (own.controller == "memory") {
    m_memory = folder;
    m_memory_version = own.version;
    m_memory_events = open_to_read(folder + (own.version == 2 ? "/memory.events" : "/memory.oom_control"));
    return limit_memory(folder, own.version, limits.memory);
  }
  if (own.controller == "pids") {
    m_pids = folder;
    m_pids_events = open_to_read(folder + "/pids.events");
    return write_small(folder + "/pids.max", std::to_string(limits.processes)) == 0;
  }
  return own.controller != "cpu" || limit_cpu(folder, own.version, limits.cores);
}

Group::~Group() { end(); }

std::vector<int> Group::entrances() const {
  std::vector<int> all;
  for (const auto& one : m_entrances) all.push_back(one.get());
  return all;
}

GroupUse Group::use() const {
  GroupUse use;
  if (!m_memory.empty())
    use.memory = number_in(m_memory + (m_memory_version == 2 ? "/memory.current" : "/memory.usage_in_bytes"));
  if (!m_pids.empty()) use.processes = number_in(m_pids + "/pids.current");
  for (const auto& folder : m_folders) {
    if (const auto nanoseconds = number_in(folder + "/cpuacct.usage")) use.cpu_time = *nanoseconds / 1000;
    if (const auto text = read_small(folder + "/cpu.stat"); text.find("usage_usec") != std::string::npos)
      use.cpu_time = number_after(text, "usage_usec");
  }
  return use;
}

GroupHits Group::hits() const {
  return {number_after(read_again(m_memory_events.get()), "oom_kill"),
          number_after(read_again(m_pids_events.get()), "max"),
          m_cpu_time,
          m_wall_time,
          m_memory_events.get() >= 0,
          m_pids_events.get() >= 0};
}

void Group::add_end(const std::string& limit) {
  if (limit == "cpu") ++m_cpu_time;
  if (limit == "time") ++m_wall_time;
}

void Group::kill() {
  for (const auto& folder : m_folders) kill_group(folder);
}

std::vector<std::string> Group::end() {
  m_entrances.clear();
  std::erase_if(m_folders, [](const std::string& folder) { return remove_group(folder); });
  m_memory.clear();
  m_pids.clear();
  return m_folders;
}

}  // namespace berth::jail

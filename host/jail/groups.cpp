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

}  // namespace

Result<std::shared_ptr<Group>> Group::make(const std::vector<GroupPlace>& places, const std::string& name,
                                           const Limits& limits) {
  std::shared_ptr<Group> group(new Group);
  const std::string full = host_mark() + name;
  for (const auto& place : places) {
    if (!place.trouble.empty()) continue;
    const bool wanted = place.controller == "memory" ? limits.memory > 0
                        : place.controller == "pids" ? limits.processes > 0
                        : place.controller == "cpu"  ? limits.cores > 0
                                                     : true;
    if (!wanted) continue;
    if (auto error = group->add(place, full, limits)) return *error;
  }
  return group;
}

std::optional<Error> Group::add(const GroupPlace& place, const std::string& name, const Limits& limits) {
  const std::string folder = place.folder + "/" + name;
  const bool known = !m_folders.empty() && m_folders.back() == folder;  // version 2 has one folder for all
  if (!known) {
    if (::mkdir(folder.c_str(), 0755) != 0) return cannot_limit(folder);
    m_folders.push_back(folder);
    m_entrances.emplace_back(::open((folder + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
    if (!m_entrances.back()) return cannot_limit(folder + "/cgroup.procs");
  }
  bool good = true;
  if (place.controller == "memory") {
    m_memory = folder;
    m_memory_version = place.version;
    good = limit_memory(folder, place.version, limits.memory);
    m_memory_events = open_to_read(folder + (place.version == 2 ? "/memory.events" : "/memory.oom_control"));
  } else if (place.controller == "pids") {
    m_pids = folder;
    good = write_small(folder + "/pids.max", std::to_string(limits.processes)) == 0;
    m_pids_events = open_to_read(folder + "/pids.events");
  } else if (place.controller == "cpu") {
    good = limit_cpu(folder, place.version, limits.cores);
  }
  if (!good) return cannot_limit(folder);
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
          number_after(read_again(m_pids_events.get()), "max"), m_cpu_time, m_wall_time};
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

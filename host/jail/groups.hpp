// Control groups: what the processes of one jail may use together. Version 1 and 2, each controller where it is found.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jail/options.hpp"
#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::jail {

// Where groups of one controller can be made.
struct GroupPlace {
  std::string controller;  // "memory", "pids", "cpu"; and "cpuacct", which counts and limits nothing
  int version = 1;
  std::string folder;   // ours; each jail has a folder in it
  std::string trouble;  // why none can be made; empty: they can
};

struct GroupUse {
  std::optional<std::uint64_t> memory, processes;  // null: nobody counts; processes and threads, without the jail's own
  std::optional<std::uint64_t> cpu_time = {};      // microseconds, since it was made
  std::string why = {};                            // of what is null
};

// How often a limit was hit.
struct GroupHits {
  std::uint64_t memory = 0;                                // processes that were killed for it
  std::uint64_t processes = 0;                             // that were refused
  std::uint64_t cpu_time = 0, wall_time = 0;               // of those that the host started: that were killed for it
  bool memory_counted = false, processes_counted = false;  // by a control group; otherwise nobody knows
};

class Group {
 public:
  static service::Result<std::shared_ptr<Group>> make(const std::vector<GroupPlace>& places, const std::string& name,
                                                      const Limits& limits);
  // Those that are there, each in the folder that is named; from here on its own, to limit and to remove.
  static service::Result<std::shared_ptr<Group>> take(const std::vector<GroupPlace>& groups, const Limits& limits);
  ~Group();
  Group(const Group&) = delete;

  std::vector<int> entrances() const;  // open cgroup.procs
  // Time on the CPU, in microseconds, of a process of the jail that has ended: for who counts without such groups.
  void add_past(std::uint64_t cpu_time) { m_past += cpu_time; }
  std::uint64_t past() const { return m_past; }
  void add_end(const std::string& limit);  // of a process that the host started: what it was killed for, if it was
  GroupUse use() const;
  GroupHits hits() const;  // cheap: it is asked before and after each process
  // Twice a second or so: for processes that live long, in whose time others may have been killed.
  void note(const GroupHits& hits) { m_earlier = m_later.exchange(hits.memory); }
  std::uint64_t earlier_memory() const { return m_earlier; }  // hits, at the last note but one
  bool limits_memory() const { return !m_memory.empty(); }
  bool limits_processes() const { return !m_pids.empty(); }
  void kill();                     // all that are in it
  std::vector<std::string> end();  // what could not be removed

 private:
  Group() = default;
  bool limit(const GroupPlace& own, const Limits& limits);  // false: errno says why not

  std::vector<std::string> m_folders;
  std::vector<service::UniqueFd> m_entrances;
  std::string m_memory, m_pids;  // folders; empty: not limited so
  service::UniqueFd m_memory_events, m_pids_events;
  int m_memory_version = 1;
  std::atomic<std::uint64_t> m_past{0}, m_cpu_time{0}, m_wall_time{0}, m_earlier{0}, m_later{0};
};

// Looks where this process may make groups, by making one. `root`: of the file system; a test's, or "/".
std::vector<GroupPlace> find_group_places(const std::string& root = "/",
                                          const std::vector<std::string>& controllers = {"memory", "pids", "cpu"});
// Groups of hosts that are gone, with all that is in them. Their number.
std::size_t clear_groups(const std::vector<GroupPlace>& places);

}  // namespace berth::jail

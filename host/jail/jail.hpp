// One open jail: the place of a session's processes. Opened once, joined by each of them, and gone with all of them at
// close(). Any thread may call; one process is started at a time.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "jail/channel.hpp"
#include "jail/groups.hpp"
#include "jail/inside_program.hpp"
#include "jail/isolation.hpp"
#include "jail/options.hpp"
#include "jail/process.hpp"
#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::jail {

class Jail {
 public:
  // What it needs of the host; `scratch` serves as /tmp where a jail cannot have its own.
  struct Ground {
    const InsideProgram& program;
    const Isolation& isolation;
    const std::vector<GroupPlace>& places;
    uid_t agent, keeper;
    std::string scratch;
    std::function<void()> ended = {};  // called once, when the jail is gone
  };
  static service::Result<std::unique_ptr<Jail>> open(const Ground& ground, const Options& options);
  ~Jail();
  Jail(const Jail&) = delete;

  service::Result<std::shared_ptr<Process>> spawn(const Plan& plan);
  // Kills all its processes, which are said to have been "killed: WHY", and takes everything away. An error names what
  // could not be. `limit`: what for, in a word ("disk").
  std::optional<service::Error> close(const std::string& why = {}, const std::string& limit = {});

  // The agent's user, as the machine knows it: files that it is to write belong to it.
  uid_t user() const { return m_agent; }
  // Where a path inside is for processes of this jail: the same, but for /tmp and mounts where jails have no mount
  // namespace.
  std::string place(const std::string& inside) const;
  // Where no control group counts, /proc is looked through: not for an I/O thread.
  GroupUse use() const;
  GroupHits hits() const { return m_group->hits(); }  // since it was opened; what no control group counts is not seen
  void note(const GroupHits& hits) { m_group->note(hits); }  // of whoever looks again and again
  const Limits& limits() const { return m_options.limits; }
  // Network::proxy: a listening socket on the jail's 127.0.0.1:proxy_port; otherwise -1. What is accepted on it speaks
  // for the jail.
  int proxy() const { return m_proxy.get(); }
  std::uint16_t proxy_port() const { return m_options.proxy_port; }
  // The master's side of a new terminal that has its name in the jail, under /dev/pts. Empty: it has none of its own.
  service::UniqueFd terminal();
  // For libberth-confine.so: sheet, keeper or -1, ruleset or -1, control groups. They stay the jail's.
  std::vector<int> ticket() const;

 private:
  Jail(const Ground& ground, Options options);
  std::optional<service::Error> make();
  struct Role {
    Channel channel;
    pid_t first = -1;  // what was started, which ends once it has made the process that stays
  };
  std::optional<service::Error> make_keeper(const std::vector<service::UniqueFd>& trees);
  service::Result<Role> begin_role(const char* role, std::vector<int> rest) const;
  service::Result<service::UniqueFd> finish_role(Role& role, service::UniqueFd& handle) const;
  service::Result<Role> begin_starter() const;
  std::optional<service::Error> finish_starter(Role role);
  std::optional<service::Error> make_both(const std::vector<service::UniqueFd>& trees);
  std::optional<service::Error> renew_starter();
  service::Result<std::shared_ptr<Process>> order(const Plan& plan);
  void end_starter();
  void end_processes();
  std::optional<service::Error> look_again();
  std::optional<std::vector<pid_t>> inside() const;  // its processes, without its own two; null: they cannot be seen
  std::optional<service::Error> verify(std::vector<std::string> left) const;

  const Ground m_ground;
  const Options m_options;
  const uid_t m_agent;
  std::shared_ptr<Group> m_group;
  service::UniqueFd m_sheet, m_keeper, m_starter, m_ruleset, m_proxy;  // keeper and starter: pidfds
  Channel m_keeper_channel, m_starter_channel;
  pid_t m_session = 0;  // without a process namespace: the kernel's session of all its processes
  std::vector<std::weak_ptr<Process>> m_processes;
  mutable std::mutex m_lock;
  bool m_open = false, m_left = false;
};

}  // namespace berth::jail

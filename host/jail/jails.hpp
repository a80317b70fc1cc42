// All jails of one host: what this machine allows, found once; who may be whose user; what earlier hosts left behind.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "jail/jail.hpp"

namespace berth::jail {

class Jails {
 public:
  struct Settings {
    std::string folder;                  // of the host alone: what jails need on disk; empty: none will be opened
    std::set<std::string> without = {};  // layers to do without, though they may be there
  };
  static service::Result<std::unique_ptr<Jails>> make(Settings settings);

  const Isolation& isolation() const { return m_isolation; }
  std::size_t cleared() const { return m_cleared; }  // groups of hosts that had gone without closing
  // Must not outlive this. Takes a few milliseconds, and waits for processes: not for an I/O thread.
  service::Result<std::unique_ptr<Jail>> open(const Options& options);
  // The user of a session, where jails have such, and the number after it; nobody else gets them until give_back.
  // `same`: the one it had before a restart of the host, if nobody has it. For a jail without Options::user one is
  // taken for as long as it is open.
  uid_t take_user(std::optional<uid_t> same = {});
  void give_back(uid_t user);

 private:
  Jails(Settings settings, InsideProgram program);
  std::optional<service::Error> refusal(const Options& options) const;
  std::string scratch_folder() const;
  service::Result<std::string> make_scratch(const std::string& name) const;
  void clear_scratch() const;

  const Settings m_settings;
  const InsideProgram m_program;
  std::vector<GroupPlace> m_places;
  Isolation m_isolation;
  std::size_t m_cleared = 0;
  std::mutex m_lock;
  std::set<uid_t> m_taken;
};

}  // namespace berth::jail

// A plugin's own jail: for programs that belong to no session. It sees the plugin's folder and nothing of sessions.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "loader/desk/jailing.hpp"
#include "loader/own_jail_rules.hpp"
#include "service/error.hpp"

namespace berth::loader {

class OwnJail {
 public:
  OwnJail(const Jailing& jailing, std::string plugin, const std::string& folder, OwnJailRules rules);
  // How often it was taken. What was asked for in an earlier round is for nobody any more.
  std::uint64_t round() const;
  // Opened when it is first wanted in its round, which must not be over. One thread at a time, and not the I/O thread.
  service::Result<std::shared_ptr<jail::Jail>> get(std::uint64_t round);
  // The next get() opens another; this one is the caller's to close, which takes a moment. Null: there is none.
  std::shared_ptr<jail::Jail> take();

  const std::string& plugin() const { return m_plugin; }
  const std::string& folder() const { return m_folder; }  // empty: its programs have none

 private:
  jail::Options options() const;
  std::shared_ptr<jail::Jail> housed(std::unique_ptr<jail::Jail> jail) const;

  const Jailing m_jailing;
  const std::string m_plugin, m_folder;
  const OwnJailRules m_rules;
  mutable std::mutex m_mutex;  // guards what follows
  std::shared_ptr<jail::Jail> m_jail;
  std::uint64_t m_round = 0;
};

}  // namespace berth::loader

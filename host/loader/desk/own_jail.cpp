// A plugin may have many programs at once, more than an agent: wider than a jail's own are its memory and its number of
// processes.
#include "loader/desk/own_jail.hpp"

#include <sched.h>

#include <filesystem>
#include <utility>

#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using service::Result;

namespace {

constexpr std::uint32_t most_processes = 2048;

// Where jails have users and no rooms of their own, the plugin's folder is closed to them.
std::string folder_for(const jail::Isolation& isolation, const std::string& folder) {
  if (folder.empty()) return {};
  if ((isolation.namespaces & CLONE_NEWNS) == 0 && isolation.changes_user) return {};
  return std::filesystem::absolute(folder).lexically_normal();
}

}  // namespace

OwnJail::OwnJail(const Jailing& jailing, std::string plugin, const std::string& folder, OwnJailRules rules)
    : m_jailing(jailing),
      m_plugin(std::move(plugin)),
      m_folder(folder_for(jailing.jails.isolation(), folder)),
      m_rules(std::move(rules)) {}

// An instance that leaves may have one still when the next has its own.
jail::Options OwnJail::options() const {
  jail::Options options;
  options.name = "plugin-" + m_plugin.substr(0, 40) + "-" + service::hex(service::random_bytes(4));
  if (!m_folder.empty()) options.mounts = {{jail::Mount::Kind::read_write, m_folder, m_folder, 0, true}};
  options.limits.memory = m_rules.memory;
  options.limits.processes = most_processes;
  options.nests = m_rules.nests;
  if (m_rules.allow) options.network = jail::Network::proxy;
  if (!m_rules.nests) return options;
  options.limits.files = 16'384;
  options.limits.tmp = options.limits.shm = m_rules.memory / 2;
  return options;
}

// With its way out, which goes with it.
std::shared_ptr<jail::Jail> OwnJail::housed(std::unique_ptr<jail::Jail> jail) const {
  struct Housed {
    std::unique_ptr<jail::Jail> jail;
    std::shared_ptr<void> way_out;
  };
  const auto both = std::make_shared<Housed>(Housed{std::move(jail), nullptr});
  if (m_jailing.way_out && both->jail->proxy() >= 0)
    both->way_out = m_jailing.way_out("plugin " + m_plugin, both->jail->proxy(), *m_rules.allow);
  return {both, both->jail.get()};
}

std::uint64_t OwnJail::round() const {
  const std::lock_guard lock(m_mutex);
  return m_round;
}

Result<std::shared_ptr<jail::Jail>> OwnJail::get(std::uint64_t round) {
  const Error over{503, "plugin_down", m_plugin + " has ended"};
  {
    const std::lock_guard lock(m_mutex);
    if (m_round != round) return over;
    if (m_jail) return m_jail;
  }
  if (!m_folder.empty()) {
    if (auto error = service::make_directory(m_folder)) return *error;
  }
  auto opened = m_jailing.jails.open(options());
  if (!opened) return opened.error();
  auto jail = housed(std::move(*opened));
  const std::lock_guard lock(m_mutex);
  if (m_round != round) return over;
  return m_jail = std::move(jail);
}

std::shared_ptr<jail::Jail> OwnJail::take() {
  const std::lock_guard lock(m_mutex);
  ++m_round;
  return std::exchange(m_jail, nullptr);
}

}  // namespace berth::loader

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

constexpr std::uint64_t most_memory = 2'000'000'000;
constexpr std::uint32_t most_processes = 2048;

// Where jails have users and no rooms of their own, the plugin's folder is closed to them.
std::string folder_for(const jail::Isolation& isolation, const std::string& folder) {
  if (folder.empty()) return {};
  if ((isolation.namespaces & CLONE_NEWNS) == 0 && isolation.changes_user) return {};
  return std::filesystem::absolute(folder).lexically_normal();
}

}  // namespace

OwnJail::OwnJail(const Jailing& jailing, std::string plugin, const std::string& folder)
    : m_jailing(jailing), m_plugin(std::move(plugin)), m_folder(folder_for(jailing.jails.isolation(), folder)) {}

// An instance that leaves may have one still when the next has its own.
jail::Options OwnJail::options() const {
  jail::Options options;
  options.name = "plugin-" + m_plugin.substr(0, 40) + "-" + service::hex(service::random_bytes(4));
  if (!m_folder.empty()) options.mounts = {{jail::Mount::Kind::read_write, m_folder, m_folder, 0, true}};
  options.limits.memory = most_memory;
  options.limits.processes = most_processes;
  return options;
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
  std::shared_ptr<jail::Jail> jail = std::move(*opened);
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

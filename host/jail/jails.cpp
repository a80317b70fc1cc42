// See jails.hpp.
#include "jail/jails.hpp"

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "jail/group_files.hpp"
#include "jail/probe.hpp"
#include "service/files.hpp"

namespace berth::jail {

namespace fs = std::filesystem;
using service::Error;
using service::Result;

namespace {

constexpr std::string_view scratch_mark = "berth-jail-";

bool good_name(const std::string& name) {
  const auto good = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), good);
}

}  // namespace

Jails::Jails(Settings settings, InsideProgram program)
    : m_settings(std::move(settings)), m_program(std::move(program)) {}

Result<std::unique_ptr<Jails>> Jails::make(Settings settings) {
  auto program = InsideProgram::make();
  if (!program) return program.error();
  std::unique_ptr<Jails> jails(new Jails(std::move(settings), std::move(*program)));
  jails->m_places = find_group_places();
  for (auto& place : jails->m_places) {
    const std::string layer = place.controller == "cpuacct" ? "cpu" : place.controller;
    if (jails->m_settings.without.contains(layer)) place.trouble = "left out";
  }
  auto isolation = probe(jails->m_program, jails->m_places, jails->m_settings.without);
  if (!isolation) return isolation.error();
  jails->m_isolation = std::move(*isolation);
  jails->m_cleared = clear_groups(jails->m_places);
  if (!jails->m_settings.folder.empty()) jails->clear_scratch();
  return jails;
}

std::optional<Error> Jails::refusal(const Options& options) const {
  if (!good_name(options.name)) return Error{400, "bad_jail", "a jail wants a name of letters, digits, _ and -"};
  const bool network = (m_isolation.namespaces & CLONE_NEWNET) != 0;
  if (network || options.network == Network::none) return std::nullopt;
  return Error{503, "isolation_missing",
               "a jail with a network wants a network namespace, which this machine does not allow",
               "berth doctor says why; without one only network = none is safe"};
}

// Where all of a host's folders are its own, an agent with another user reaches none of them; so there it lies in /tmp.
std::string Jails::scratch_folder() const { return m_isolation.changes_user ? "/tmp" : m_settings.folder; }

Result<std::string> Jails::make_scratch(const std::string& name) const {
  if ((m_isolation.namespaces & CLONE_NEWNS) != 0) return std::string();
  if (auto error = service::make_directory(scratch_folder())) return *error;
  const std::string path = scratch_folder() + "/" + std::string(scratch_mark) + host_mark() + name;
  if (::mkdir(path.c_str(), 0700) != 0) return service::file_error("make", path, errno);
  return path;
}

// Those of hosts that are gone.
void Jails::clear_scratch() const {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(scratch_folder(), none)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(scratch_mark) && !host_lives(name.substr(scratch_mark.size())))
      fs::remove_all(entry.path(), none);
  }
}

Result<std::unique_ptr<Jail>> Jails::open(const Options& options) {
  if (auto error = refusal(options)) return *error;
  const auto scratch = make_scratch(options.name);
  if (!scratch) return scratch.error();
  const bool given = options.user && m_isolation.changes_user;
  const uid_t agent = given ? *options.user : take_user();
  std::function<void()> ended;
  if (!given) ended = [this, agent] { give_back(agent); };
  return Jail::open({m_program, m_isolation, m_places, agent, agent + 1, *scratch, std::move(ended)}, options);
}

uid_t Jails::take_user(std::optional<uid_t> same) {
  if (!m_isolation.changes_user) return ::geteuid();
  const std::lock_guard lock(m_lock);
  uid_t user = m_isolation.first_user;
  if (same && *same >= user && (*same - user) % 2 == 0 && !m_taken.contains(*same)) user = *same;
  while (m_taken.contains(user)) user += 2;
  m_taken.insert(user);
  return user;
}

void Jails::give_back(uid_t user) {
  const std::lock_guard lock(m_lock);
  m_taken.erase(user);
}

std::vector<Mount> workspace_mounts(const std::string& folder, const std::vector<std::string>& aliases) {
  using Kind = Mount::Kind;
  std::vector<Mount> all{{Kind::read_only, folder, "/workspace"},
                         {Kind::read_write, folder + "/output", "/workspace/output"},
                         {Kind::read_write, folder + "/deploy", "/workspace/deploy"}};
  for (const auto& alias : aliases) all.push_back({Kind::alias, "/workspace", alias});
  return all;
}

}  // namespace berth::jail

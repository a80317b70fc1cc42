// A jail has two processes of its own: the keeper, whose namespaces it is, and the starter, which starts others
// (inside/keeper.c, inside/starter.c say why). Both are children of this host.
#include "jail/jail.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "jail/group_files.hpp"
#include "jail/order.hpp"
#include "jail/sheet_writer.hpp"
#include "jail/user_tasks.hpp"
#include "service/files.hpp"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

namespace berth::jail {

namespace fs = std::filesystem;
using service::Error;
using service::Result;
using service::UniqueFd;

namespace {

constexpr std::chrono::seconds patience(10);

bool lies_in(const std::string& path, const std::string& folder) {
  if (folder.empty() || !path.starts_with(folder)) return false;
  return path.size() == folder.size() || path[folder.size()] == '/';
}

// Whatever it is doing: it ends, and nobody has to know how.
void end_process(UniqueFd& handle) {
  if (!handle) return;
  ::syscall(SYS_pidfd_send_signal, handle.get(), SIGKILL, nullptr, 0);
  siginfo_t info{};
  while (::waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(handle.get()), &info, WEXITED) != 0 &&
         errno == EINTR) {
  }
  handle = UniqueFd();
}

bool has_ended(int handle) {
  pollfd ended{handle, POLLIN, 0};
  return ::poll(&ended, 1, 0) > 0;
}

}  // namespace

Jail::Jail(const Ground& ground, Options options)
    : m_ground(ground), m_options(std::move(options)), m_agent(ground.agent) {}

Jail::~Jail() {
  if (m_open) close();
  if (m_ground.ended) m_ground.ended();
}

Result<std::unique_ptr<Jail>> Jail::open(const Ground& ground, const Options& options) {
  std::unique_ptr<Jail> jail(new Jail(ground, options));
  if (auto error = jail->make()) {
    jail->close();
    return *error;
  }
  return jail;
}

std::optional<Error> Jail::make() {
  auto group = Group::make(m_ground.places, m_options.name, m_options.limits);
  if (!group) {
    std::error_code ignored;
    if (!m_ground.scratch.empty()) fs::remove_all(m_ground.scratch, ignored);
    return group.error();
  }
  m_group = *group;
  m_open = true;
  if (!m_ground.scratch.empty()) {
    if (m_ground.isolation.changes_user && ::chown(m_ground.scratch.c_str(), m_agent, m_agent) != 0)
      return service::file_error("own", m_ground.scratch, errno);
  }
  const bool by_group = m_group->limits_memory();
  auto sheet = write_sheet({m_ground.isolation, m_options, m_agent, m_ground.keeper, by_group,
                            m_group->limits_processes(), m_ground.scratch});
  if (!sheet) return sheet.error();
  m_sheet = std::move(sheet->file);
  return make_both(sheet->trees);
}

// The starter is begun first: what it waits for takes as long as all of the keeper's work.
std::optional<Error> Jail::make_both(const std::vector<UniqueFd>& trees) {
  auto starter = begin_starter();
  if (!starter) return starter.error();
  auto error = m_ground.isolation.namespaces != 0 ? make_keeper(trees) : std::nullopt;
  if (!error) return finish_starter(std::move(*starter));
  starter->channel.close();  // it ends
  reap(starter->first);
  return error;
}

std::optional<Error> Jail::renew_starter() {
  end_starter();
  auto starter = begin_starter();
  if (!starter) return starter.error();
  return finish_starter(std::move(*starter));
}

Result<Jail::Role> Jail::begin_role(const char* role, std::vector<int> rest) const {
  auto pair = Channel::make();
  if (!pair) return pair.error();
  const auto first = m_ground.program.start({role, {pair->second.get(), m_sheet.get()}, std::move(rest), {}, -1});
  if (!first) return first.error();
  return Role{std::move(pair->first), *first};
}

// What was started says the pidfd of the process that stays, and ends; that one says when it is ready. Either may be
// the first to be heard.
Result<UniqueFd> Jail::finish_role(Role& role, UniqueFd& handle) const {
  std::optional<Answer> last;
  std::optional<Error> error;
  while (!error && !(last && handle)) {
    auto answer = role.channel.receive(patience);
    if (!answer)
      error = answer.error();
    else if (answer->kind == berth_answer_process)
      handle = std::move(answer->fd);
    else
      last = std::move(*answer);
  }
  if (error) ::kill(role.first, SIGKILL);  // silent or gone
  reap(role.first);
  if (last && last->kind == berth_answer_failed) error = Error{503, "jail_failed", "the jail " + last->in_words()};
  if (error) return *error;
  return std::move(last->fd);
}

std::optional<Error> Jail::make_keeper(const std::vector<UniqueFd>& trees) {
  std::vector<int> rest;
  rest.reserve(trees.size());
  for (const auto& tree : trees) rest.push_back(tree.get());
  auto role = begin_role("keep", std::move(rest));
  if (!role) return role.error();
  auto proxy = finish_role(*role, m_keeper);
  m_keeper_channel = std::move(role->channel);
  if (!proxy) return proxy.error();
  m_proxy = std::move(*proxy);
  return std::nullopt;
}

Result<Jail::Role> Jail::begin_starter() const { return begin_role("start", m_group->entrances()); }

std::optional<Error> Jail::finish_starter(Role role) {
  if (m_keeper) role.channel.send("k", {m_keeper.get()});  // if it is gone, its silence tells
  auto ruleset = finish_role(role, m_starter);
  m_starter_channel = std::move(role.channel);
  if (!ruleset) {
    end_starter();
    return ruleset.error();
  }
  m_ruleset = std::move(*ruleset);
  if ((m_ground.isolation.namespaces & CLONE_NEWPID) == 0) m_session = pid_of_handle(m_starter.get());
  return std::nullopt;
}

std::vector<int> Jail::ticket() const {
  std::vector<int> all{m_sheet.get(), m_keeper.get(), m_ruleset.get()};
  for (const int group : m_group->entrances()) all.push_back(group);
  return all;
}

std::string Jail::place(const std::string& inside) const {
  if ((m_ground.isolation.namespaces & CLONE_NEWNS) != 0) return inside;
  std::string best = inside;
  std::size_t longest = 0;
  bool there = false;  // who asked such a jail's program where it is has the place already
  const auto consider = [&](const std::string& target, const std::string& source) {
    there = there || lies_in(inside, source);
    if (target.size() <= longest || !lies_in(inside, target)) return;
    longest = target.size();
    best = source + inside.substr(target.size());
  };
  consider("/tmp", m_ground.scratch);
  for (const auto& one : m_options.mounts) {
    if (one.kind <= Mount::Kind::read_write) consider(one.target, one.source);
  }
  return there ? inside : best;
}

Result<std::shared_ptr<Process>> Jail::spawn(const Plan& plan) {
  const std::lock_guard lock(m_lock);
  if (!m_open) return Error{503, "jail_closed", "the session's jail is closed"};
  // A starter can die of what it starts: a shortage of memory, or a signal where it has no user of its own.
  if (!m_starter || has_ended(m_starter.get())) {
    if (auto error = renew_starter()) return *error;
  }
  auto process = order(plan);
  if (!process) return process;
  std::erase_if(m_processes, [](const auto& one) { return one.expired(); });
  m_processes.push_back(*process);
  return process;
}

Result<std::shared_ptr<Process>> Jail::order(const Plan& plan) {
  auto order = make_order(plan);
  if (!order) return order.error();
  const GroupHits before = m_group->hits();
  if (const int why = m_starter_channel.send(order->message, order->fds)) {
    end_starter();
    return Error{503, "jail_failed", std::string("the jail takes no order: ") + std::strerror(why), "try again"};
  }
  auto answer = m_starter_channel.receive(patience);
  if (!answer) {
    end_starter();
    auto error = answer.error();
    error.hint = "the session may be out of memory or processes; try again";
    return error;
  }
  if (answer->kind == berth_answer_started)
    return std::make_shared<Process>(std::move(answer->fd), m_group, m_options.limits, before);
  end_process(answer->fd);
  if (answer->error == EAGAIN)
    return Error{429, "limit_reached",
                 "the session has reached its limit of " + std::to_string(m_options.limits.processes) + " processes",
                 "end some of them first"};
  const bool plans = answer->error == ENOENT || answer->error == EACCES || answer->error == ENOTDIR ||
                     answer->error == ENOEXEC || answer->error == E2BIG || answer->error == EPERM;
  return Error{plans ? 400 : 503, "cannot_start",
               "cannot " + answer->what + " " + plan.program + ": " + std::strerror(answer->error), ""};
}

void Jail::end_starter() {
  m_starter_channel.close();
  end_process(m_starter);
}

// Each is told how it ended before its jail is gone.
void Jail::end_processes() {
  for (const auto& weak : m_processes) {
    if (const auto process = weak.lock()) {
      process->kill();
      process->wait(patience);
    }
  }
  m_processes.clear();
}

std::optional<Error> Jail::close(const std::string& why, const std::string& limit) {
  const std::lock_guard lock(m_lock);
  if (!std::exchange(m_open, false)) return m_left ? look_again() : std::nullopt;
  for (const auto& weak : m_processes)
    if (const auto process = weak.lock()) process->condemn(limit, why);
  if (m_keeper) ::syscall(SYS_pidfd_send_signal, m_keeper.get(), SIGKILL, nullptr, 0);
  end_processes();
  end_starter();
  end_process(m_keeper);  // the kernel ends it last, when nobody is left in its process namespace
  m_keeper_channel.close();
  for (int i = 0; m_session > 0 && i < 200; ++i) {
    const auto left = processes_of_session(m_session);
    if (left.empty()) break;
    for (const pid_t one : left) ::kill(one, SIGKILL);
    ::usleep(1000);
  }
  m_group->kill();
  for (auto* one : {&m_proxy, &m_ruleset, &m_sheet}) *one = UniqueFd();
  return look_again();
}

// Its name may be another's once nothing is left, so nobody looks again then.
std::optional<Error> Jail::look_again() {
  auto left = verify(m_group->end());
  m_left = left.has_value();
  return left;
}

std::optional<Error> Jail::verify(std::vector<std::string> left) const {
  std::error_code failed;
  if (!m_ground.scratch.empty()) fs::remove_all(m_ground.scratch, failed);
  if (failed) left.push_back(m_ground.scratch);
  if (m_session > 0) {
    for (const pid_t one : processes_of_session(m_session)) left.push_back("process " + std::to_string(one));
  }
  if (left.empty()) return std::nullopt;
  std::string all;
  for (const auto& one : left) all += (all.empty() ? "" : ", ") + one;
  return Error{500, "jail_left_behind", "of the jail \"" + m_options.name + "\" something is left: " + all};
}

}  // namespace berth::jail

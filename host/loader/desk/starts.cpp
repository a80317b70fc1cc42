// An order becomes a jail's plan: its descriptors, the little that programs need of an environment, where they begin.
#include "loader/desk/starts.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "service/process/terminal.hpp"
#include "service/proxy/proxy.hpp"

namespace berth::loader {

using service::Error;
using service::Order;

namespace {

// 0 to 2 are always there. An errno, or 0.
int complete(std::vector<Order::File>& files) {
  for (int number = 0; number <= 2; ++number) {
    const auto there = [number](const Order::File& file) { return file.number == number; };
    if (std::any_of(files.begin(), files.end(), there)) continue;
    service::UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!nothing) return errno;
    files.push_back({std::move(nothing), number});
  }
  return 0;
}

// Whoever opens /dev/stdin, /dev/stdout or /dev/stderr opens his pipe or terminal anew, and has to have the right to.
// Where the host cannot give it away, it is the agent's already.
void give_streams(const std::vector<Order::File>& files, uid_t user) {
  for (const auto& file : files) {
    struct statfs where {};
    const bool pipe = ::fstatfs(file.fd.get(), &where) == 0 && where.f_type == PIPEFS_MAGIC;
    const bool stream = file.number <= 2 && (pipe || ::isatty(file.fd.get()) == 1);
    if (stream && ::fchown(file.fd.get(), user, user) != 0) continue;
  }
}

// The order's terminal is of the host's, and has no name in the jail, where programs look for that: so it gives way to
// one of the jail's own. Returns its master, or nothing where the jail has none.
service::UniqueFd exchange_terminal(Order& order, jail::Jail& jail) {
  for (auto& file : order.files) {
    winsize size{};
    if (file.number != 0 || ::ioctl(file.fd.get(), TIOCGWINSZ, &size) != 0) continue;
    service::UniqueFd master = jail.terminal();
    service::UniqueFd second(master ? ::fcntl(master.get(), F_DUPFD_CLOEXEC, 3) : -1);
    if (!second) return {};
    ::ioctl(master.get(), TIOCSWINSZ, &size);
    file.fd = std::move(second);
    return master;
  }
  return {};
}

// "NAME=value", unless the order has a value for it.
void add_variable(std::vector<std::string>& environment, const std::string& entry) {
  const auto name = std::string_view(entry).substr(0, entry.find('=') + 1);
  const auto same = [name](const std::string& one) { return one.starts_with(name); };
  if (std::none_of(environment.begin(), environment.end(), same)) environment.push_back(entry);
}

// No secret of the host's may leak this way, so only what programs cannot do without.
void inherit(std::vector<std::string>& environment, const jail::Jail& jail) {
  for (const char* name : {"PATH", "LANG", "LC_ALL", "TZ"}) {
    if (const char* value = std::getenv(name)) add_variable(environment, std::string(name) + "=" + value);
  }
  for (const char* name : {"HOME=", "TMPDIR="}) add_variable(environment, name + jail.place("/tmp"));
  if (jail.proxy() < 0) return;
  for (const auto& entry : service::proxy::environment(jail.proxy_port())) add_variable(environment, entry);
}

service::Result<jail::Plan> jail_plan(Order& order, const jail::Jail& jail, const std::string& home) {
  jail::Plan plan;
  if (order.inherit) inherit(order.environment, jail);
  if (const int number = complete(order.files))
    return Error{503, "not_started", "cannot start " + order.program + ": " + std::strerror(number)};
  plan.program = std::move(order.program);
  plan.arguments = std::move(order.arguments);
  plan.environment = std::move(order.environment);
  plan.folder = jail.place(order.folder.empty() ? home : order.folder);
  plan.terminal = order.terminal;
  for (const auto& file : order.files) {
    plan.fds.push_back(file.fd.get());
    plan.numbers.push_back(file.number);
  }
  plan.limits = service::kernel_limits(order.limits);
  return plan;
}

}  // namespace

Starts::Starts(const Jailing& jailing, std::string plugin, const std::string& folder, OwnJailRules rules)
    : m_jailing(jailing), m_own(jailing, std::move(plugin), folder, std::move(rules)) {}

void Starts::aside(const std::function<void()>& job) const {
  if (!m_jailing.pool.run(job)) job();
}

void Starts::tell(const std::shared_ptr<Job>& job, Started started) const {
  m_jailing.loop.post([job, started = std::move(started)] { job->done(started, std::move(job->terminal)); });
}

void Starts::begin(Order order, Done done) {
  const std::string session = order.session;
  const auto job = std::make_shared<Job>(Job{std::move(order), std::move(done), m_own.round()});
  {
    const std::lock_guard lock(m_mutex);
    Line& line = m_lines[session];
    line.jobs.push_back(job);
    if (std::exchange(line.busy, true)) return;
  }
  if (m_jailing.pool.run([self = shared_from_this(), session] { self->work(session); })) return;
  while (const auto left = next(session))
    tell(left, Error{503, "busy", "too much work waits for a thread", "try again in a moment"});
}

// Null: the line is empty, and nobody works on it any more.
std::shared_ptr<Starts::Job> Starts::next(const std::string& session) {
  const std::lock_guard lock(m_mutex);
  const auto at = m_lines.find(session);
  if (at == m_lines.end()) return nullptr;
  if (at->second.jobs.empty()) {
    m_lines.erase(at);
    return nullptr;
  }
  auto job = std::move(at->second.jobs.front());
  at->second.jobs.pop_front();
  return job;
}

void Starts::work(const std::string& session) {
  while (const auto job = next(session)) tell(job, start(*job));
}

Starts::Started Starts::start(Job& job) {
  Order& order = job.order;
  const bool own = order.session.empty();
  if (m_own.round() != job.round) return Error{503, "plugin_down", m_own.plugin() + " has ended"};
  const auto jail = own ? m_own.get(job.round) : m_jailing.places.jail_of(order.session);
  if (!jail) return jail.error();
  if (order.terminal) job.terminal = exchange_terminal(order, **jail);
  if (order.terminal && service::give_terminal(order) != 0)
    return Error{400, "bad_plan", "cannot start " + order.program + ": there is no terminal"};
  const auto plan = jail_plan(order, **jail, own ? (m_own.folder().empty() ? "/tmp" : m_own.folder()) : "/workspace");
  if (!plan) return plan.error();
  give_streams(order.files, (*jail)->user());
  return (*jail)->spawn(*plan);
}

void Starts::end() {
  if (auto jail = m_own.take()) aside([jail] { jail->close(); });
}

}  // namespace berth::loader

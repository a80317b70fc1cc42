// posix_spawn, because the host has threads; a pidfd, because a pid can be somebody else's by the time one looks.
#include "loader/process/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

namespace berth::loader {

using boost::system::error_code;
using service::Error;
using service::Result;
using service::UniqueFd;

namespace {

constexpr std::size_t longest_line = 4u << 10;
constexpr int link_fd = 3;

Error cannot_start(const std::string& program, int why) {
  return {503, "plugin_down", "cannot start " + program + ": " + std::strerror(why)};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// In a group of its own, so that a Ctrl-C at the terminal is the host's to answer, and with no signal blocked.
int spawn_with(pid_t& pid, Child::Plan& plan, int output) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&how);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_adddup2(&files, output, 2);
  posix_spawn_file_actions_adddup2(&files, plan.link.get(), link_fd);
  posix_spawn_file_actions_addclosefrom_np(&files, link_fd + 1);  // clients' sockets among them
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setsigdefault(&how, &all);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  const int failed = ::posix_spawn(&pid, plan.program.c_str(), &files, &how, pointers(plan.arguments).data(),
                                   pointers(plan.environment).data());
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

std::string in_words(const siginfo_t& end) {
  if (end.si_code == CLD_EXITED) return "ended with exit code " + std::to_string(end.si_status);
  const char* name = ::strsignal(end.si_status);
  return "was killed by signal " + std::to_string(end.si_status) + " (" + (name ? name : "unknown") + ")";
}

}  // namespace

Result<std::shared_ptr<Child>> Child::spawn(service::EventLoop& loop, Plan plan, Ears ears) {
  int output[2] = {-1, -1};
  if (::pipe2(output, O_CLOEXEC) != 0) return cannot_start(plan.program, errno);
  UniqueFd read_end(output[0]), write_end(output[1]);
  pid_t pid = -1;
  const int failed = spawn_with(pid, plan, write_end.get());
  if (failed != 0) return cannot_start(plan.program, failed);
  UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!handle) {
    const int why = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return cannot_start(plan.program, why);
  }
  std::shared_ptr<Child> child(new Child(loop, pid, std::move(handle), std::move(read_end), std::move(ears)));
  child->listen();
  child->watch();
  return child;
}

Child::Child(service::EventLoop& loop, pid_t pid, UniqueFd handle, UniqueFd output, Ears ears)
    : m_pid(pid),
      m_handle(loop.context(), handle.release()),
      m_output(loop.context(), output.release()),
      m_ears(std::move(ears)),
      m_room(16u << 10) {}

// Nobody may be left behind, not even as a zombie.
Child::~Child() {
  if (m_ended) return;
  kill();
  siginfo_t end{};
  ::waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(m_handle.native_handle()), &end, WEXITED);
}

// With all that it started and that stayed in its group. As long as nobody has waited for it, its number is its own.
void Child::kill() {
  if (!m_ended) ::kill(-m_pid, SIGKILL);
}

// What it has touched, in memory or swapped out, shared or not, but for the files that it maps.
std::optional<std::uint64_t> Child::memory() const {
  char text[4096];
  const UniqueFd file(::open(("/proc/" + std::to_string(m_pid) + "/status").c_str(), O_RDONLY | O_CLOEXEC));
  const ssize_t got = file ? ::read(file.get(), text, sizeof text) : -1;
  if (got <= 0) return std::nullopt;
  const std::string_view all(text, static_cast<std::size_t>(got));
  std::uint64_t kib = 0;
  bool found = false;
  for (const std::string_view name : {"\nRssAnon:", "\nRssShmem:", "\nVmSwap:"}) {
    const auto at = all.find(name);
    if (at == std::string_view::npos) continue;
    found = true;
    kib += std::strtoull(std::string(all.substr(at + name.size(), 32)).c_str(), nullptr, 10);
  }
  if (!found) return std::nullopt;
  return kib * 1024;
}

void Child::listen() {
  m_output.async_read_some(boost::asio::buffer(m_room),
                           [weak = weak_from_this()](const error_code& failed, std::size_t count) {
                             const auto self = weak.lock();
                             if (!self || failed) return;
                             self->on_output(count);
                             self->listen();
                           });
}

void Child::on_output(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const char c = m_room[i];
    if (c != '\n') m_line += c;
    if (c != '\n' && m_line.size() < longest_line) continue;
    if (!m_line.empty()) m_ears.line(m_line);
    m_line.clear();
  }
}

void Child::watch() {
  m_handle.async_wait(Descriptor::wait_read, [weak = weak_from_this()](const error_code& failed) {
    const auto self = weak.lock();
    if (self && !failed) self->reap();
  });
}

void Child::reap() {
  kill();  // what it leaves behind
  siginfo_t end{};
  const int got =
      ::waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(m_handle.native_handle()), &end, WEXITED | WNOHANG);
  if (got == 0 && end.si_pid == 0) return watch();
  m_ended = true;
  drain_output();
  const auto ended = std::move(m_ears.ended);
  ended(got == 0 ? in_words(end) : "is gone");
}

// Its last words, as far as they are there; grandchildren may hold the pipe open for ever.
void Child::drain_output() {
  error_code ignored;
  m_output.cancel(ignored);
  m_output.non_blocking(true, ignored);
  for (int i = 0; i < 64; ++i) {
    error_code failed;
    const std::size_t count = m_output.read_some(boost::asio::buffer(m_room), failed);
    if (failed || count == 0) break;
    on_output(count);
  }
  if (!m_line.empty()) m_ears.line(m_line);
  m_line.clear();
  m_output.close(ignored);
}

}  // namespace berth::loader

// A pidfd, because a pid can be somebody else's by the time one looks.
#include "service/process/plain_process.hpp"

#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "service/process/leftovers.hpp"

namespace berth::service {

using boost::system::error_code;

PlainProcess::PlainProcess(EventLoop& loop, pid_t pid, UniqueFd handle, bool leader,
                           std::function<void(Result<Outcome>)> ended)
    : m_pid(pid),
      m_handle(loop.context(), handle.release()),
      m_leader(leader),
      m_ended(std::move(ended)),
      m_self(std::make_shared<PlainProcess*>(this)) {
  watch();
}

// Nobody may be left behind, not even as a zombie.
PlainProcess::~PlainProcess() {
  *m_self = nullptr;
  if (m_over) return;
  signal(SIGKILL);
  if (m_leader) kill_leftovers(m_pid);
  while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// With all that it started and that stayed in its group. As long as nobody has waited for it, its number is its own.
void PlainProcess::signal(int number) {
  if (!m_over) ::kill(-m_pid, number);
}

void PlainProcess::watch() {
  m_handle.async_wait(Descriptor::wait_read, [self = m_self](const error_code& failed) {
    if (*self && !failed) (*self)->reap();
  });
}

// A process that dies of a signal can make its handle readable a moment before it has ended, and must not be killed
// then: it would be that which it is said to have died of.
void PlainProcess::reap() {
  siginfo_t seen{};
  if (::waitid(P_PID, static_cast<id_t>(m_pid), &seen, WEXITED | WNOWAIT | WNOHANG) == 0 && seen.si_pid == 0)
    return watch();
  signal(SIGKILL);  // what it leaves behind
  if (std::exchange(m_leader, false)) kill_leftovers(m_pid);
  Outcome outcome;
  const pid_t got = ::wait4(m_pid, &outcome.status, WNOHANG, &outcome.usage);
  if (got == 0 || (got < 0 && errno == EINTR)) return watch();
  if (got < 0) outcome.words = "is gone";
  m_over = true;
  error_code ignored;
  m_handle.close(ignored);
  std::exchange(m_ended, nullptr)(std::move(outcome));  // which may be the end of this, too
}

}  // namespace berth::service

// A thread that waits for a signal, and looks around each second.
#include "command/kernel_end.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace berth::command {

namespace {

constexpr int between_looks = 1000;

pid_t number_of(const char* text) {
  pid_t pid = 0;
  std::from_chars(text, text + std::strlen(text), pid);
  return pid;
}

int pidfd_of(const char* text) {
  errno = 0;
  return text ? static_cast<int>(::syscall(SYS_pidfd_open, number_of(text), 0)) : -1;
}

}  // namespace

Starter::Starter()
    : m_parent(::getppid()),
      m_pid(std::getenv("JPY_PARENT_PID")),
      m_jupyter(pidfd_of(m_pid)),
      m_gone(m_pid && !m_jupyter && errno == ESRCH) {}

bool Starter::is_gone() const {
  if (!m_pid) return false;  // whoever is at a terminal ends it
  pollfd end{m_jupyter.get(), POLLIN, 0};
  return m_gone || ::getppid() != m_parent || (m_jupyter && ::poll(&end, 1, 0) > 0);
}

KernelEnd::KernelEnd(const Starter& starter) : m_starter(starter) {
  sigemptyset(&m_signals);
  for (const int number : {SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&m_signals, number);
  // Jupyter interrupts by a message, as the kernelspec says; whoever types Ctrl-C at a terminal means the end.
  if (::isatty(0) == 1)
    sigaddset(&m_signals, SIGINT);
  else
    std::signal(SIGINT, SIG_IGN);
  ::pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
  m_told = service::UniqueFd(::signalfd(-1, &m_signals, SFD_CLOEXEC));
  m_over = service::UniqueFd(::eventfd(0, EFD_CLOEXEC));
}

KernelEnd::~KernelEnd() {
  if (!m_thread.joinable()) return;
  const std::uint64_t one = 1;
  while (::write(m_over.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
  m_thread.join();
}

void KernelEnd::begin(std::function<void()> last) {
  m_thread = std::thread([this, last = std::move(last)] { wait(last); });
}

void KernelEnd::wait(const std::function<void()>& last) const {
  for (bool told = false;;) {
    if (told || m_starter.is_gone()) {
      signalfd_siginfo about{};
      if (told && ::read(m_told.get(), &about, sizeof about) != sizeof about) about.ssi_signo = SIGTERM;
      last();
      ::_exit(told ? 128 + static_cast<int>(about.ssi_signo) : 0);
    }
    pollfd heard[] = {{m_told.get(), POLLIN, 0}, {m_over.get(), POLLIN, 0}};
    ::poll(heard, 2, between_looks);
    if (heard[1].revents != 0) return;
    told = heard[0].revents != 0;
  }
}

}  // namespace berth::command

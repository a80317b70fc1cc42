// A pidfd, because a pid can be somebody else's by the time one looks.
#include "service/process/child.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "service/process/ends.hpp"
#include "service/process/leftovers.hpp"

namespace berth::service {

using boost::system::error_code;

Result<std::shared_ptr<Child>> Child::spawn(EventLoop& loop, Launcher& launcher, Plan plan, Ears ears) {
  Ends ends;
  if (const int why = ends.make(plan)) {
    return Error{503, "not_started", "cannot start " + plan.order.program + ": " + std::strerror(why)};
  }
  const Limits limits = plan.order.limits;
  const bool leads = plan.order.session || plan.order.terminal;
  auto started = launcher.launch(std::move(plan.order));
  if (!started) return started.error();
  std::shared_ptr<Child> child(new Child(loop, std::move(*started), plan.bounds, limits, std::move(ears)));
  child->m_leads = leads;
  child->connect(loop, std::move(ends));
  return child;
}

Child::Child(EventLoop& loop, Started started, Bounds bounds, Limits limits, Ears ears)
    : m_pid(started.pid),
      m_handle(loop.context(), started.handle.release()),
      m_bounds(bounds),
      m_limits(limits),
      m_ears(std::move(ears)),
      m_deadline(loop.context()),
      m_grace(loop.context()),
      m_since(std::chrono::steady_clock::now()) {}

// Nobody may be left behind, not even as a zombie.
Child::~Child() {
  for (const auto& outlet : m_out) {
    if (outlet) outlet->close();
  }
  if (m_end) return;
  kill();
  if (m_leads) kill_leftovers(m_pid);
  while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Child::connect(EventLoop& loop, Ends ends) {
  const auto weak = weak_from_this();
  if (ends.terminal) m_terminal = ends.out.get();
  if (ends.in) {
    m_in = std::make_shared<InPipe>(loop, std::move(ends.in), [weak](std::size_t bytes) {
      const auto self = weak.lock();
      if (self && self->m_ears.took) self->m_ears.took(bytes);
    });
  }
  const auto outlet = [&](UniqueFd fd, Outlet which) {
    if (!fd) return;
    ++m_open;
    OutPipe::Ears ears{[weak, which](std::string_view piece) {
                         const auto self = weak.lock();
                         return self && self->on_output(which, piece);
                       },
                       [weak] {
                         const auto self = weak.lock();
                         if (self && --self->m_open == 0) self->tell_end();
                       }};
    auto& pipe = m_out[static_cast<int>(which)] = std::make_shared<OutPipe>(loop, std::move(fd), std::move(ears));
    pipe->listen();
  };
  outlet(std::move(ends.out), Outlet::output);
  outlet(std::move(ends.errors), Outlet::errors);
  watch();
  if (m_bounds.time.count() == 0) return;
  m_deadline.expires_after(m_bounds.time);
  m_deadline.async_wait([weak](const error_code& failed) {
    const auto self = weak.lock();
    if (self && !failed) self->end_for(Cause::time_limit);
  });
}

bool Child::on_output(Outlet outlet, std::string_view piece) {
  const std::uint64_t room = m_bounds.output == 0 ? piece.size() : m_bounds.output - m_output;
  const bool too_much = piece.size() > room;
  piece = piece.substr(0, room);
  m_output += piece.size();
  const bool more = piece.empty() || m_ears.output(outlet, piece);
  if (too_much) end_for(Cause::output_limit);
  return more;
}

void Child::end_for(Cause cause) {
  if (m_end) return;
  if (m_verdict == Cause::exited || m_verdict == Cause::stopped) m_verdict = cause;
  kill();
}

// With all that it started and that stayed in its group. As long as nobody has waited for it, its number is its own.
void Child::signal(int number) {
  if (!m_end) ::kill(-m_pid, number);
}

void Child::kill() { signal(SIGKILL); }

void Child::stop(int number, std::chrono::milliseconds grace) {
  if (m_end) return;
  if (m_verdict == Cause::exited) m_verdict = Cause::stopped;
  signal(number);
  if (number == SIGKILL) return;
  m_grace.expires_after(grace);
  m_grace.async_wait([weak = weak_from_this()](const error_code& failed) {
    const auto self = weak.lock();
    if (self && !failed) self->kill();
  });
}

void Child::write(std::string piece) {
  if (m_in && !m_end) return m_in->write(std::move(piece));
  if (m_ears.took) m_ears.took(piece.size());
}

// A terminal has no end that one could close: its end of input is a character.
void Child::close_input() {
  if (!m_in) return;
  if (m_terminal >= 0) m_in->write("\x04");
  m_in->finish();
}

void Child::resume(Outlet outlet) {
  if (const auto& pipe = m_out[static_cast<int>(outlet)]) pipe->resume();
}

void Child::resize(Size size) {
  const winsize raw{size.rows, size.columns, 0, 0};
  if (m_terminal >= 0 && m_open > 0) ::ioctl(m_terminal, TIOCSWINSZ, &raw);
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

void Child::watch() {
  m_handle.async_wait(Descriptor::wait_read, [weak = weak_from_this()](const error_code& failed) {
    const auto self = weak.lock();
    if (self && !failed) self->reap();
  });
}

// A process that dies of a signal can make its handle readable a moment before it has ended, and must not be killed
// then: it would be that which it is said to have died of.
void Child::reap() {
  siginfo_t seen{};
  if (::waitid(P_PID, static_cast<id_t>(m_pid), &seen, WEXITED | WNOWAIT | WNOHANG) == 0 && seen.si_pid == 0)
    return watch();
  kill();  // what it leaves behind
  if (std::exchange(m_leads, false)) kill_leftovers(m_pid);
  int status = 0;
  rusage usage{};
  const pid_t got = ::wait4(m_pid, &status, WNOHANG, &usage);
  if (got == 0 || (got < 0 && errno == EINTR)) return watch();
  m_end = end_of(status, usage, m_verdict, m_bounds, m_limits);
  if (got < 0) m_end->words = "is gone";
  m_end->wall = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - m_since);
  m_deadline.cancel();
  m_grace.cancel();
  error_code ignored;
  m_handle.close(ignored);
  if (m_in) m_in->close();
  if (m_open == 0) return tell_end();
  for (const auto& pipe : m_out) {
    if (pipe) pipe->finish();
  }
}

// After the last of its output, which may have been over long before.
void Child::tell_end() {
  if (!m_end || !m_ears.ended) return;
  m_end->output = m_output;
  m_ears.output = nullptr;
  std::exchange(m_ears.ended, nullptr)(*m_end);
}

}  // namespace berth::service

// Where a process is does not matter here: its launcher has it in its hands, and tells when it has ended.
#include "service/process/child.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "service/process/ends.hpp"

namespace berth::service {

using boost::system::error_code;

Result<std::shared_ptr<Child>> Child::spawn(EventLoop& loop, Launcher& launcher, Plan plan, Ears ears) {
  Ends ends;
  if (const int why = ends.make(plan)) {
    return Error{503, "not_started", "cannot start " + plan.order.program + ": " + std::strerror(why)};
  }
  std::shared_ptr<Child> child(new Child(loop, plan.bounds, plan.order.limits, std::move(ears)));
  if (ends.terminal)
    child->m_ends = std::make_unique<Ends>(std::move(ends));
  else
    child->connect(std::move(ends));
  auto running = launcher.launch(std::move(plan.order), child->launch_ears());
  if (!running) return running.error();
  child->m_running = std::move(*running);
  return child;
}

Child::Child(EventLoop& loop, Bounds bounds, Limits limits, Ears ears)
    : m_loop(loop),
      m_bounds(bounds),
      m_limits(limits),
      m_ears(std::move(ears)),
      m_deadline(loop.context()),
      m_grace(loop.context()),
      m_since(std::chrono::steady_clock::now()) {}

Child::~Child() {
  for (const auto& outlet : m_out) {
    if (outlet) outlet->close();
  }
}

Launcher::Ears Child::launch_ears() {
  const auto weak = weak_from_this();
  return {[weak](pid_t pid, UniqueFd terminal) {
            if (const auto self = weak.lock()) self->on_started(pid, std::move(terminal));
          },
          [weak](Result<Outcome> outcome) {
            if (const auto self = weak.lock()) self->on_ended(std::move(outcome));
          },
          [weak](const Hits& hits) {
            const auto self = weak.lock();
            if (self && !self->m_end && self->m_ears.hits) self->m_ears.hits(hits);
          }};
}

void Child::on_started(pid_t pid, UniqueFd terminal) {
  m_pid = pid;
  if (m_ends) connect_terminal(std::move(terminal));
  m_since = std::chrono::steady_clock::now();
  if (m_bounds.time.count() == 0) return;
  m_deadline.expires_after(m_bounds.time);
  m_deadline.async_wait([weak = weak_from_this()](const error_code& failed) {
    const auto self = weak.lock();
    if (self && !failed) self->end_for(Cause::time_limit);
  });
}

void Child::connect_terminal(UniqueFd other) {
  const auto ends = std::exchange(m_ends, nullptr);
  if (other) ends->replace(std::move(other));
  connect(std::move(*ends));
  for (std::string& piece : std::exchange(m_written, {})) m_in->write(std::move(piece));
  if (m_closed) close_input();
}

void Child::connect(Ends ends) {
  const auto weak = weak_from_this();
  if (ends.terminal) m_terminal = ends.out.get();
  if (ends.in) {
    m_in = std::make_shared<InPipe>(m_loop, std::move(ends.in), [weak](std::size_t bytes) {
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
    auto& pipe = m_out[static_cast<int>(which)] = std::make_shared<OutPipe>(m_loop, std::move(fd), std::move(ears));
    pipe->listen();
  };
  outlet(std::move(ends.out), Outlet::output);
  outlet(std::move(ends.errors), Outlet::errors);
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

void Child::signal(int number) {
  if (!m_end && m_running) m_running->signal(number);
}

void Child::kill() { signal(SIGKILL); }

void Child::look() {
  if (!m_end && m_running) m_running->look();
}

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
  if (m_ends && !m_end) return m_written.push_back(std::move(piece));
  if (m_in && !m_end) return m_in->write(std::move(piece));
  if (m_ears.took) m_ears.took(piece.size());
}

// A terminal has no end that one could close: its end of input is a character.
void Child::close_input() {
  m_closed = true;
  if (!m_in) return;
  if (m_terminal >= 0) m_in->write("\x04");
  m_in->finish();
}

void Child::resume(Outlet outlet) {
  if (const auto& pipe = m_out[static_cast<int>(outlet)]) pipe->resume();
}

void Child::resize(Size size) {
  const winsize raw{size.rows, size.columns, 0, 0};
  if (m_ends) ::ioctl(m_ends->out.get(), TIOCSWINSZ, &raw);
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

void Child::on_ended(Result<Outcome> outcome) {
  if (outcome) {
    m_end = end_of(*outcome, m_verdict, m_bounds, m_limits);
    m_end->wall = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - m_since);
  } else {
    m_end.emplace();
    m_end->cause = Cause::not_started;
    m_end->words = outcome.error().message;
  }
  m_deadline.cancel();
  m_grace.cancel();
  if (m_in) m_in->close();
  m_ends.reset();
  for (const std::string& piece : std::exchange(m_written, {})) {
    if (m_ears.took) m_ears.took(piece.size());
  }
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

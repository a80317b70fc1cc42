// How a process ended, and which limit had to do with it: a shortage of memory kills without a word, so the counters of
// the control group are asked.
#include "jail/process.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "jail/group_files.hpp"
#include "service/process/end.hpp"
#include "service/process/leftovers.hpp"
#include "service/text.hpp"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

namespace berth::jail {

namespace {

std::string plain_words(const End& end) {
  if (end.signal == 0) return "ended with exit code " + std::to_string(end.code);
  const char* name = ::strsignal(end.signal);
  return "was killed by signal " + std::to_string(end.signal) + " (" + (name ? name : "unknown") + ")";
}

}  // namespace

pid_t pid_of_handle(int handle) {
  const std::string facts = read_small("/proc/self/fdinfo/" + std::to_string(handle));
  const auto at = facts.find("\nPid:");
  return at == std::string::npos ? -1 : std::atoi(facts.c_str() + at + 5);
}

std::string round_bytes(std::uint64_t bytes) {
  if (bytes >= 1'000'000 && bytes % 1'000'000 == 0) return std::to_string(bytes / 1'000'000) + " MB";
  return service::format_bytes(bytes);
}

std::string limit_in_words(std::string_view limit, const Limits& limits) {
  if (limit == "memory") return "memory limit " + round_bytes(limits.memory);
  if (limit == "pids") return "limit of " + std::to_string(limits.processes) + " processes";
  if (limit == "cpu") return "cpu time limit " + std::to_string(limits.cpu_time.count()) + " s";
  return service::wall_clock_limit(limits.wall_time);
}

Process::Process(service::UniqueFd handle, std::shared_ptr<Group> group, const Limits& limits, GroupHits before)
    : m_handle(std::move(handle)),
      m_group(std::move(group)),
      m_limits(limits),
      m_before(before),
      m_pid(pid_of_handle(m_handle.get())) {}

Process::~Process() {
  if (m_end) return;
  kill();
  wait();
}

std::optional<End> Process::wait(std::optional<std::chrono::milliseconds> patience) {
  pollfd ended{m_handle.get(), POLLIN, 0};
  for (;;) {
    {
      const std::lock_guard lock(m_lock);
      if (m_end) return m_end;
    }
    const int ready = ::poll(&ended, 1, patience ? static_cast<int>(patience->count()) : -1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::nullopt;
    return reap();
  }
}

std::optional<End> Process::reap() {
  const std::lock_guard lock(m_lock);
  if (m_end) return m_end;
  siginfo_t info{};
  End end;
  // The C library's waitid() tells no usage.
  const long got = ::syscall(SYS_waitid, P_PIDFD, m_handle.get(), &info, WEXITED | WNOHANG, &end.usage);
  if (got == 0 && info.si_pid == 0) return std::nullopt;
  if (got == 0 && info.si_code == CLD_EXITED) end.code = info.si_status;
  if (got == 0 && info.si_code != CLD_EXITED) end.signal = info.si_status;
  end.status = end.signal != 0 ? end.signal | (info.si_code == CLD_DUMPED ? 0x80 : 0) : end.code << 8;
  end.words = got == 0 ? plain_words(end) : "is gone";
  const auto time_of = [](const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(time.tv_usec);
  };
  m_group->add_past(time_of(end.usage.ru_utime) + time_of(end.usage.ru_stime));
  add_limit(end);
  m_group->add_end(end.limit);
  m_end = std::move(end);
  return m_end;
}

void Process::add_limit(End& end) const {
  const GroupHits now = m_group->hits();
  const auto hit = [&](const char* limit, bool died) {
    const std::string what = limit_in_words(limit, m_limits);
    end.limit = limit;
    end.words = died ? "killed: " + what : end.words + "; meanwhile the session hit its " + what;
  };
  const bool killed = end.signal == SIGKILL;
  if (killed && !m_why.empty()) {
    end.limit = m_limit;
    end.words = "killed: " + m_why;
  } else if (now.memory > (killed ? std::max(m_before.memory, m_group->earlier_memory()) : m_before.memory)) {
    hit("memory", killed);
  } else if (now.processes > m_before.processes) {
    hit("pids", false);
  } else if (m_limits.cpu_time.count() > 0 && end.signal == SIGXCPU) {
    hit("cpu", true);
  }
}

void Process::condemn(const std::string& limit, const std::string& why) {
  const std::lock_guard lock(m_lock);
  m_limit = limit;
  m_why = why;
}

// One that has left its group behind is not to get away either.
void Process::expire() {
  condemn("time", limit_in_words("time", m_limits));
  signal(SIGKILL);
  ::syscall(SYS_pidfd_send_signal, m_handle.get(), SIGKILL, nullptr, 0);
}

bool Process::ended() const {
  siginfo_t seen{};
  return ::waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(m_handle.get()), &seen,
                  WEXITED | WNOWAIT | WNOHANG) != 0 ||
         seen.si_pid != 0;
}

// As long as nobody has waited for it, its number is its own.
bool Process::signal(int number) {
  const std::lock_guard lock(m_lock);
  if (m_end || m_pid <= 0) return false;
  return ::kill(-m_pid, number) == 0 || ::kill(m_pid, number) == 0;
}

void Process::kill_session() {
  {
    const std::lock_guard lock(m_lock);
    if (!m_end && m_pid > 0) service::kill_leftovers(m_pid);
  }
  kill();
}

void Process::kill() {
  if (!signal(SIGKILL)) ::syscall(SYS_pidfd_send_signal, m_handle.get(), SIGKILL, nullptr, 0);
}

}  // namespace berth::jail

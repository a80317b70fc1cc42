// A host that does nothing but start programs, each leading a session of its own, and tell their ends.
#pragma once

#include <berth/service/process.hpp>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "channel.hpp"

namespace kernel::peer {

class Host : public berth_host {
 public:
  explicit Host(std::string tmp) : berth_host{}, m_tmp("TMPDIR=" + std::move(tmp)) {
    berth_host::size = sizeof(berth_host);
    berth_host::service = [](const berth_host*, berth_text id) -> const void* {
      static constexpr berth_process table{
          sizeof(berth_process), &spawn, nullptr, nullptr, nullptr, nullptr, &signal, &stop, nullptr, nullptr};
      return std::string_view(id.data, id.size) == BERTH_PROCESS ? &table : nullptr;
    };
  }
  Host(const Host&) = delete;
  ~Host() {
    for (auto& [number, one] : m_all) {
      ::kill(-one.pid, SIGKILL);
      one.watcher.join();
      ::waitpid(one.pid, nullptr, 0);
      one.ears.gone(one.ears.with);
    }
  }
  std::atomic<int> starts{0};

 private:
  struct One {
    pid_t pid;
    berth_process_ears ears;
    std::thread watcher;
  };
  static Host& of(const berth_host* host) { return *const_cast<Host*>(static_cast<const Host*>(host)); }
  static std::uint64_t spawn(const berth_host* host, const berth_process_plan* plan, const berth_process_ears* ears) {
    Host& self = of(host);
    std::vector<std::string> words;
    for (std::size_t i = 0; i < plan->argument_count; ++i)
      words.emplace_back(plan->arguments[i].data, plan->arguments[i].size);
    std::vector<char*> raw, environment;
    for (auto& one : words) raw.push_back(one.data());
    raw.push_back(nullptr);
    environment.push_back(self.m_tmp.data());
    for (char** one = environ; *one; ++one)
      if (std::string_view(*one).rfind("TMPDIR=", 0) != 0) environment.push_back(*one);
    environment.push_back(nullptr);
    auto said = pipe_from();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, said.theirs.get(), 1);
    posix_spawn_file_actions_adddup2(&actions, said.theirs.get(), 2);
    std::vector<berth::Fd> high;
    for (std::size_t i = 0; i < plan->file_count; ++i) {
      high.emplace_back(::fcntl(plan->files[i].fd, F_DUPFD_CLOEXEC, 100));
      posix_spawn_file_actions_adddup2(&actions, high.back().get(), plan->files[i].number);
    }
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID);
    pid_t pid = 0;
    const int failed = ::posix_spawn(&pid, raw[0], &actions, &how, raw.data(), environment.data());
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) return 0;
    const std::lock_guard lock(self.m_mutex);
    const auto number = ++self.m_last;
    self.m_all[number] = {pid, *ears, std::thread(&Host::watch, pid, *ears, number, said.mine.release())};
    ++self.starts;
    return number;
  }
  // It stays a zombie until the host goes, so that no signal meets a stranger.
  static void watch(pid_t pid, berth_process_ears ears, std::uint64_t number, int said) {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
    char text[4096];
    const ssize_t got = ::read(said, text, sizeof text);
    ::close(said);
    if (got > 0) ears.output(ears.with, number, BERTH_PROCESS_OUTPUT, {text, static_cast<std::size_t>(got)});
    const std::string words = info.si_code == CLD_EXITED ? "ended with exit code " + std::to_string(info.si_status)
                                                         : "killed by signal " + std::to_string(info.si_status);
    berth_process_end end{};
    end.size = sizeof end;
    end.words = {words.data(), words.size()};
    ears.ended(ears.with, number, &end);
  }
  static void signal(const berth_host* host, std::uint64_t number, std::int32_t which) {
    Host& self = of(host);
    const std::lock_guard lock(self.m_mutex);
    ::kill(-self.m_all.at(number).pid, which);
  }
  static void stop(const berth_host* host, std::uint64_t number, std::int32_t which, std::uint64_t) {
    signal(host, number, which);
  }
  std::mutex m_mutex;
  std::map<std::uint64_t, One> m_all;
  std::uint64_t m_last = 0;
  std::string m_tmp;
};

}  // namespace kernel::peer

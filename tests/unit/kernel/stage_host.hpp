// A host for the kernel's tests that does nothing but start programs, and counts for them what a test says.
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
#include <string_view>
#include <vector>

#include <berth/fd.hpp>

namespace kernel::stage {

class Host : public berth_host {
 public:
  Host() : berth_host{} {
    berth_host::size = sizeof(berth_host);
    berth_host::service = [](const berth_host*, berth_text id) -> const void* {
      static constexpr berth_process table{
          sizeof(berth_process), &spawn, nullptr, nullptr, nullptr, nullptr, nullptr, &stop, nullptr, &look};
      return std::string_view(id.data, id.size) == BERTH_PROCESS ? &table : nullptr;
    };
  }
  Host(const Host&) = delete;
  ~Host() {
    for (const auto& [number, one] : m_all) {
      ::kill(one.pid, SIGKILL);
      ::waitpid(one.pid, nullptr, 0);
      one.ears.gone(one.ears.with);
    }
  }
  std::atomic<int> refusals{0};  // of those that are to come
  std::atomic<int> starts{0};
  std::atomic<bool> counts{true};  // what is killed for the session's memory limit:
  std::atomic<std::uint64_t> memory_hits{0};
  std::atomic<int> slow_looks{0};  // that are answered with the next one

 private:
  struct One {
    pid_t pid;
    berth_process_ears ears;
  };
  static Host& of(const berth_host* host) { return *const_cast<Host*>(static_cast<const Host*>(host)); }
  static std::uint64_t spawn(const berth_host* host, const berth_process_plan* plan, const berth_process_ears* ears) {
    Host& self = of(host);
    if (self.refusals > 0) return --self.refusals, 0;
    std::vector<std::string> words;
    for (std::size_t i = 0; i < plan->argument_count; ++i)
      words.emplace_back(plan->arguments[i].data, plan->arguments[i].size);
    std::vector<char*> raw;
    for (auto& one : words) raw.push_back(one.data());
    raw.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    std::vector<berth::Fd> high;
    for (std::size_t i = 0; i < plan->file_count; ++i) {
      high.emplace_back(::fcntl(plan->files[i].fd, F_DUPFD_CLOEXEC, 100));
      posix_spawn_file_actions_adddup2(&actions, high.back().get(), plan->files[i].number);
    }
    pid_t pid = 0;
    const int failed = ::posix_spawn(&pid, raw[0], &actions, nullptr, raw.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) return 0;
    const std::lock_guard lock(self.m_mutex);
    self.m_all[++self.m_last] = {pid, *ears};
    ++self.starts;
    return self.m_last;
  }
  static void look(const berth_host* host, std::uint64_t number) {
    Host& self = of(host);
    const std::uint32_t counted = self.counts ? std::uint32_t{BERTH_PROCESS_COUNTS_MEMORY} : 0;
    const berth_process_hits hits{sizeof hits, counted, self.memory_hits, 0, berth::detail::text("memory limit 5 MB")};
    const std::lock_guard lock(self.m_mutex);
    ++self.m_unanswered;
    if (self.slow_looks > 0) return void(--self.slow_looks);
    const auto& ears = self.m_all.at(number).ears;
    for (; self.m_unanswered > 0; --self.m_unanswered) ears.hits(ears.with, number, &hits);
  }
  static void stop(const berth_host* host, std::uint64_t number, std::int32_t, std::uint64_t) {
    Host& self = of(host);
    const std::lock_guard lock(self.m_mutex);
    ::kill(self.m_all.at(number).pid, SIGKILL);
  }
  std::mutex m_mutex;
  std::map<std::uint64_t, One> m_all;
  std::uint64_t m_last = 0;
  int m_unanswered = 0;  // looks
};

}  // namespace kernel::stage

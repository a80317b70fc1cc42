// fork(), a pipe for findings, a shared page for the last word.
#include "child.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace berth::check {

using nlohmann::json;
using std::chrono::steady_clock;

void Reporter::found(const Finding& finding) {
  const json line{{"check", finding.check},
                  {"verdict", static_cast<int>(finding.verdict)},
                  {"operation", finding.operation},
                  {"why", finding.why},
                  {"advice", finding.advice}};
  const std::string text = line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t put = ::write(m_pipe, text.data() + at, text.size() - at);
    if (put < 0 && errno != EINTR) return;
    if (put > 0) at += static_cast<std::size_t>(put);
  }
}

void Reporter::doing(const std::string& what) { std::snprintf(m_doing, room, "%s", what.c_str()); }

namespace {

// A session of its own, so that what the plugin starts ends with it.
[[noreturn]] void be_child(int pipe, char* doing, const std::string& check, const std::string& operation,
                           const std::function<void(Reporter&)>& work) {
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGPIPE, SIG_IGN);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // the report alone goes to standard output
  Reporter reporter(pipe, doing);
  try {
    work(reporter);
  } catch (const std::exception& error) {
    reporter.found({check, Verdict::fail, operation, error.what(), "see the line above"});
  }
  ::_exit(0);
}

// What the child writes, until it ends or its time is over; false in the second case.
bool read_all(int pipe, std::chrono::seconds deadline, std::string& text) {
  const auto end = steady_clock::now() + deadline;
  char block[4096];
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd waiting{pipe, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(left)) <= 0) continue;
    const ssize_t got = ::read(pipe, block, sizeof block);
    if (got == 0) return true;
    if (got > 0) text.append(block, static_cast<std::size_t>(got));
  }
}

Findings parsed(const std::string& text) {
  Findings all;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    const json line = json::parse(text.substr(at, end - at), nullptr, false);
    if (!line.is_object()) continue;
    all.push_back({line["check"], static_cast<Verdict>(line["verdict"].get<int>()), line["operation"], line["why"],
                   line["advice"]});
  }
  return all;
}

std::string end_of(int status) {
  if (WIFSIGNALED(status)) return std::string("it was killed by a signal (") + ::strsignal(WTERMSIG(status)) + ")";
  return "it ended the process with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Findings in_child(const std::string& check, const std::string& operation, std::chrono::seconds deadline,
                  const std::function<void(Reporter&)>& work) {
  int ends[2];
  void* page = ::mmap(nullptr, Reporter::room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || ::pipe(ends) != 0) throw std::runtime_error("no child can be made");
  auto* doing = static_cast<char*>(page);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no child can be made");
  if (child == 0) {
    ::close(ends[0]);
    be_child(ends[1], doing, check, operation, work);
  }
  ::close(ends[1]);
  std::string text;
  const bool in_time = read_all(ends[0], deadline, text);
  if (!in_time) ::kill(-child, SIGKILL), ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ::kill(-child, SIGKILL);  // what it left behind
  ::close(ends[0]);
  Findings all = parsed(text);
  const std::string where = doing[0] ? std::string(" while ") + doing : std::string();
  if (!in_time)
    all.push_back({check, Verdict::fail, operation, "it hung for " + std::to_string(deadline.count()) + " s" + where,
                   "look for a lock held too long, a wait without an end, a thread that is never told to stop"});
  else if (status != 0)
    all.push_back({check, Verdict::fail, operation, end_of(status) + where,
                   "run it under a debugger, or build the plugin with -fsanitize=address"});
  ::munmap(page, Reporter::room);
  return all;
}

}  // namespace berth::check

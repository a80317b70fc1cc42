// Runs what the shell asks for with the machine's own bash, as the process service would, and waits for it.
#pragma once

#include <berth/fd.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "script.hpp"

namespace shell::bash {

struct Ran {
  int code = -1, signal = 0;
  std::string out, err;
  std::vector<Snapshot> told;
};

inline std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& one : texts) all.push_back(one.data());
  all.push_back(nullptr);
  return all;
}

[[noreturn]] inline void become(const Errand& errand, std::vector<char*>& arguments, std::vector<char*>& environment,
                                const std::string& folder, int out, int err) {
  ::dup2(::open("/dev/null", O_RDONLY), 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  for (const auto& file : errand.plan.files) ::dup2(file.fd, file.number);
  ::setsid();
  if (::chdir(folder.c_str()) != 0) ::_exit(126);
  const std::string& program = errand.plan.program.empty() ? errand.plan.arguments[0] : errand.plan.program;
  ::execve(program.c_str(), arguments.data(), environment.data());
  ::_exit(127);
}

inline void read_both(int out, int err, Ran& ran) {
  pollfd both[] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
  std::string* texts[] = {&ran.out, &ran.err};
  while (both[0].fd >= 0 || both[1].fd >= 0) {
    if (::poll(both, 2, -1) < 0 && errno != EINTR) return;
    for (int i = 0; i < 2; ++i) {
      if (both[i].fd < 0 || both[i].revents == 0) continue;
      char room[4096];
      const ssize_t got = ::read(both[i].fd, room, sizeof room);
      if (got > 0) texts[i]->append(room, static_cast<std::size_t>(got));
      if (got <= 0) both[i].fd = -1;
    }
  }
}

// `folder` stands for what the jail would have there.
inline Ran run(const Errand& errand, const std::string& folder) {
  std::vector<std::string> words = errand.plan.arguments, variables = errand.plan.environment;
  if (errand.plan.inherit)
    for (const char* one : {"PATH=/usr/bin:/bin", "HOME=/tmp"}) variables.emplace_back(one);
  auto arguments = pointers(words), environment = pointers(variables);
  int out[2], err[2];
  if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) return {};
  const pid_t pid = ::fork();
  if (pid == 0) become(errand, arguments, environment, folder, out[1], err[1]);
  ::close(out[1]);
  ::close(err[1]);
  const berth::Fd reads(out[0]), errors(err[0]);
  Ran ran;
  read_both(out[0], err[0], ran);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ran.signal = WTERMSIG(status);
  if (errand.told) ran.told = read_told(errand.told);
  return ran;
}

}  // namespace shell::bash

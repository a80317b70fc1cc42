// `berth policy-host`: the program of the policies' process. A host starts it, with a socket to itself as descriptor 3
// and memory that both see as descriptor 4.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "command/commands.hpp"
#include "jail/self.hpp"
#include "policy/inside/program.hpp"
#include "policy/runner.hpp"

namespace berth::command {

namespace {

constexpr int policy_link = 3, policy_where = 4;

bool is_policy_link(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

// It lives no longer than the host, gains no rights, starts nothing and opens nothing; which layers see to that.
std::vector<std::string> settle_policies() {
  const pid_t host = ::getppid();
  ::fcntl(policy_link, F_SETFD, FD_CLOEXEC);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#ifndef __SANITIZE_ADDRESS__  // whose search for leaks has to read this process
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  if (::getppid() != host) std::_Exit(0);
  std::signal(SIGPIPE, SIG_IGN);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  auto layers = jail::confine_self({{}, {}});
#ifndef __SANITIZE_ADDRESS__  // which reads its own maps when it reports
  ::setrlimit(RLIMIT_NOFILE, &none);
#endif
  return layers;
}

int run_policy_host(const Arguments&) {
  policy::Where* const where = is_policy_link(policy_link) ? policy::shared_where(policy_where) : nullptr;
  if (!where) {
    std::cerr << "berth: policy-host is started by a host, for its policies\n  see: berth policy --help\n";
    return misused;
  }
  ::close(policy_where);
  auto layers = settle_policies();
  policy::Program(service::UniqueFd(policy_link), *where, std::move(layers)).run();
  std::_Exit(0);  // nobody is left to be told of what finalizers of scripts do
}

}  // namespace

Command policy_host_command() {
  return {"policy-host",
          "carries all policies in one process of their own",
          "",
          "A host starts this, and speaks with it over descriptor 3.\n",
          {},
          run_policy_host};
}

}  // namespace berth::command

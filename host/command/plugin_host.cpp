// `berth plugin-host`: the program of a plugin's own process. A host starts it, with a link to itself as descriptor 3.
#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "command/commands.hpp"
#include "loader/process/near_side.hpp"

namespace berth::command {

namespace {

constexpr int link_fd = 3;

bool is_link(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

// Bodies of a megabyte come and go; to give their memory back to the system each time would cost more than the call.
void large_pieces_stay() {
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
  mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

// It lives no longer than the host, gains no rights, and no other process of its user reads its memory.
void settle() {
  const pid_t host = ::getppid();
  ::fcntl(link_fd, F_SETFD, FD_CLOEXEC);  // not for the programs that the plugin starts
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef __SANITIZE_ADDRESS__  // whose search for leaks has to read this process
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  if (::getppid() != host) std::_Exit(0);
  std::signal(SIGPIPE, SIG_IGN);
  mallopt(M_ARENA_MAX, 2);
  large_pieces_stay();
}

int run_plugin_host(const Arguments&) {
  if (!is_link(link_fd)) {
    std::cerr << "berth: plugin-host is started by a host, for a plugin that has a process of its own\n"
                 "  see: berth serve --help\n";
    return misused;
  }
  settle();
  service::EventLoop loop;
  loop.adopt();
  const auto side = std::make_shared<loader::NearSide>(loop, service::UniqueFd(link_fd));
  side->open();
  loop.run();
  return done;
}

}  // namespace

Command plugin_host_command() {
  return {"plugin-host",
          "carries one plugin in a process of its own",
          "NAME",
          "A host starts this, and speaks with it over descriptor 3. NAME is for whoever reads a list of processes.\n",
          {},
          run_plugin_host};
}

}  // namespace berth::command

/* The keeper is the first process of a jail's process namespace, and its namespaces live as long as it does. It is a
 * child of the host and ends when the host does: nothing else has the other end of its socket. Nobody inside can signal
 * it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "roles.h"
#include "rooms.h"
#include "small.h"

static void map_users(const struct berth_sheet* sheet, int child) {
  char path[64], map[96];
  const unsigned inside = sheet->agent_inside;
  if (!sheet->changes_user) {
    snprintf(path, sizeof path, "/proc/%d/setgroups", child);
    if (write_text(path, "deny") != 0) give_up(berth_fd_socket, "write", path);
  }
  for (int groups = 0; groups < 2; ++groups) {
    const unsigned own = groups ? getegid() : geteuid();
    if (sheet->changes_user)
      snprintf(map, sizeof map, "0 %u 1\n%u %u 1\n", sheet->keeper, inside, sheet->agent);
    else
      snprintf(map, sizeof map, "%u %u 1\n", inside, own);
    snprintf(path, sizeof path, "/proc/%d/%s", child, groups ? "gid_map" : "uid_map");
    if (write_text(path, map) != 0) give_up(berth_fd_socket, "write", path);
  }
}

static void raise_loopback(void) {
  struct ifreq lo;
  memset(&lo, 0, sizeof lo);
  strcpy(lo.ifr_name, "lo");
  lo.ifr_flags = IFF_UP | IFF_RUNNING;
  const int with = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (with < 0 || ioctl(with, SIOCSIFFLAGS, &lo) != 0) give_up(berth_fd_socket, "raise", "the loopback interface");
  close(with);
}

/* A socket belongs to the network it was made in, whoever holds it: the host accepts on this one what the jail connects
 * to. */
static int listen_inside(const struct berth_sheet* sheet) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)sheet->port)};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || bind(fd, (struct sockaddr*)&at, sizeof at) != 0 || listen(fd, 128) != 0)
    give_up(berth_fd_socket, "listen inside", "");
  return fd;
}

static _Noreturn void be_keeper(const struct berth_sheet* sheet) {
  if (sheet->namespaces & CLONE_NEWUSER && confine_become(sheet, 0) != 0)
    give_up(berth_fd_socket, "become", "the keeper");
  setsid();
  if (sheet->namespaces & CLONE_NEWUTS) {
    const char* name = text_of(sheet, sheet->hostname);
    if (sethostname(name, strlen(name)) != 0) give_up(berth_fd_socket, "name", name);
  }
  if (sheet->namespaces & CLONE_NEWNS) build_rooms(sheet, berth_fd_socket);
  int listener = -1;
  if (sheet->namespaces & CLONE_NEWNET && sheet->network != berth_network_none) raise_loopback();
  if (sheet->network == berth_network_proxy) listener = listen_inside(sheet);
  /* Where the agent has the keeper's user, a capability that it lacks is what keeps it from tracing the keeper. */
  const int same_user = !sheet->changes_user;
  if (confine_restrict(-1) != 0 || confine_bound() != 0 || confine_keep(same_user ? 1U << CAP_CHOWN : 0) != 0)
    give_up(berth_fd_socket, "drop", "capabilities");
  /* Undumpable, as a change of user leaves it, it would keep out the host as well, unless that may trace whomever it
   * likes: and the host has to join. */
  prctl(PR_SET_DUMPABLE, 1);
  signal(SIGCHLD, SIG_IGN); /* orphans are reaped by the kernel */
  answer(berth_fd_socket, berth_answer_ready, 0, "", listener);
  syscall(SYS_close_range, berth_fd_sheet, ~0U, 0);
  char word;
  while (read(berth_fd_socket, &word, 1) < 0 && errno == EINTR) {
  }
  _exit(0);
}

/* The keeper is a child of the host and not of this process, which only exists to write its maps. */
int keep(void) {
  const struct berth_sheet* sheet = read_sheet(berth_fd_sheet);
  if (!sheet) give_up(berth_fd_socket, "read", "the sheet");
  close(berth_fd_program);
  int go[2], handle = -1;
  if (pipe2(go, O_CLOEXEC) != 0) give_up(berth_fd_socket, "make", "a pipe");
  const unsigned long flags = sheet->namespaces | CLONE_PARENT | CLONE_PIDFD | SIGCHLD;
  const int child = (int)syscall(SYS_clone, flags, NULL, &handle, NULL, 0);
  if (child < 0) give_up(berth_fd_socket, "make", "namespaces");
  if (child == 0) {
    char word;
    close(go[1]);
    if (read(go[0], &word, 1) != 1) _exit(1);
    close(go[0]);
    be_keeper(sheet);
  }
  answer(berth_fd_socket, berth_answer_process, 0, "", handle);
  if (sheet->namespaces & CLONE_NEWUSER) map_users(sheet, child);
  return write(go[1], "", 1) == 1 ? 0 : 1;
}

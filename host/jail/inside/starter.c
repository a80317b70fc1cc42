/* The starter starts processes in its jail. It has joined the namespaces and the control groups, wears Landlock and
 * seccomp itself, and so all of that costs a process nothing: it is born with it. What it starts are children of the
 * host, who sees them end; and they share one Landlock domain, so that they may signal each other. It only keeps the
 * right to become the agent, whose processes cannot signal or read it where that is another user. If it dies, the host
 * makes a new one. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "roles.h"
#include "small.h"

enum { stack_size = 32 * 1024, first_free = 24, highest_number = 255 };

struct job {
  const struct berth_sheet* sheet;
  const char *program, *folder;
  char **arguments, **environment;
  const struct berth_order* order;
  const int* fds;
  int error;
  const char* stage;
};

static char stack[stack_size] __attribute__((aligned(16)));
static char message[sizeof(struct berth_order) + berth_inline_order];

static int fail(struct job* job, const char* stage) {
  job->error = errno;
  job->stage = stage;
  return 127;
}

static const char* variable(char** environment, const char* name, const char* otherwise) {
  const size_t length = strlen(name);
  for (; *environment; ++environment) {
    if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=') return *environment + length + 1;
  }
  return otherwise;
}

static void run(const struct job* job) {
  if (strchr(job->program, '/')) {
    execve(job->program, job->arguments, job->environment);
    return;
  }
  int denied = 0;
  for (const char* at = variable(job->environment, "PATH", "/usr/local/bin:/usr/bin:/bin"); at; at = strchr(at, ':')) {
    at += *at == ':';
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s/%s", (int)strcspn(at, ":"), at, job->program);
    execve(path, job->arguments, job->environment);
    if (errno == EACCES) denied = 1;
    if (errno != ENOENT && errno != EACCES && errno != ENOTDIR) return;
  }
  errno = denied ? EACCES : ENOENT;
}

/* Each to its number, and no others. None of them is in the way of another: they lie above the low ones, and if one is
 * to go higher, all are first put above whatever number there is. */
static int take_files(const struct job* job) {
  int from[berth_most_fds], most = 0;
  const uint32_t count = job->order->fds;
  for (uint32_t i = 0; i < count; ++i) most = job->order->number[i] > most ? job->order->number[i] : most;
  for (uint32_t i = 0; i < count; ++i) {
    from[i] = most < first_free ? job->fds[i] : fcntl(job->fds[i], F_DUPFD_CLOEXEC, highest_number + 1);
    if (from[i] < 0) return -1;
  }
  syscall(SYS_close_range, 0, ~0U, 4); /* only marked: CLOSE_RANGE_CLOEXEC */
  for (uint32_t i = 0; i < count; ++i) {
    if (dup2(from[i], job->order->number[i]) < 0) return -1;
  }
  return 0;
}

/* Shares the starter's memory until it has become the program. */
static int become_process(void* with) {
  struct job* job = with;
  if (job->sheet->namespaces & CLONE_NEWPID)
    setsid();
  else
    setpgid(0, 0); /* without a process namespace the session is what holds its processes together */
  if (take_files(job) != 0) return fail(job, "pass descriptors to");
  if (confine_limit(job->sheet, 1) != 0) return fail(job, "limit");
  if (job->order->flags & berth_order_terminal && ioctl(0, TIOCSCTTY, 0) != 0) return fail(job, "give a terminal to");
  if (confine_become(job->sheet,
                     job->sheet->namespaces & CLONE_NEWUSER ? job->sheet->agent_inside : job->sheet->agent) != 0 ||
      confine_keep(0) != 0)
    return fail(job, "drop the privileges of");
  /* Last, and as the agent: a limit of processes counts the user's. */
  if (confine_limits(job->order->limit, job->order->limits) != 0) return fail(job, "limit");
  if (chdir(job->folder) != 0) return fail(job, "enter the folder of");
  umask(022);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  run(job);
  return fail(job, "run");
}

/* The low descriptors are taken, by nothing, so that those that come in never are in the way of where they go. */
static void take_low_descriptors(int* socket_fd) {
  *socket_fd = fcntl(berth_fd_socket, F_DUPFD_CLOEXEC, first_free);
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int i = 0; i < first_free; ++i) {
    if (i != null) dup3(null, i, O_CLOEXEC);
  }
}

/* Without a process namespace nothing ends a jail's processes with it; their session, which they cannot leave, tells
 * which they are. Bounded, since they may be many and quick. */
static void end_session(void) {
  const int own = getpid();
  for (int round = 0, left = 1; left && round < 200; ++round) {
    left = 0;
    DIR* all = opendir("/proc");
    if (!all) return;
    for (struct dirent* one; (one = readdir(all));) {
      const int pid = atoi(one->d_name);
      if (pid <= 0 || pid == own || getsid(pid) != own) continue;
      left |= kill(pid, SIGKILL) == 0;
    }
    closedir(all);
    if (left) usleep(1000);
  }
}

static void start_process(int to, struct job* job) {
  int handle = -1;
  const int flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT | CLONE_PIDFD | SIGCHLD;
  if (clone(become_process, stack + stack_size, flags, job, &handle) < 0) {
    answer(to, berth_answer_failed, errno, "start", -1);
    return;
  }
  answer(to, job->error ? berth_answer_failed : berth_answer_started, job->error, job->stage ? job->stage : "", handle);
  close(handle);
}

static char* next_text(char** at, const char* end) {
  char* text = *at;
  const char* zero = text < end ? memchr(text, 0, (size_t)(end - text)) : NULL;
  if (!zero) return NULL;
  *at = text + (zero - text) + 1;
  return text;
}

/* The texts of an order into pointers. */
static int lay_out(struct job* job, const struct berth_order* order, char* text, char** pointers) {
  char* const end = text + order->size;
  job->program = next_text(&text, end);
  job->folder = next_text(&text, end);
  job->arguments = pointers;
  job->environment = pointers + order->arguments + 1;
  for (uint32_t i = 0; i < order->arguments; ++i) job->arguments[i] = next_text(&text, end);
  for (uint32_t i = 0; i < order->variables; ++i) job->environment[i] = next_text(&text, end);
  job->arguments[order->arguments] = job->environment[order->variables] = NULL;
  return job->program && job->folder ? 0 : -1;
}

static void* map(size_t size, int fd) {
  const int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_PRIVATE;
  void* at = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
  return at == MAP_FAILED ? NULL : at;
}

static void obey(int to, const struct berth_sheet* sheet, const struct berth_order* order, const int* fds) {
  const int in_file = (order->flags & berth_order_in_file) != 0;
  char* const file = in_file ? map(order->size + 1, fds[0]) : NULL;
  const size_t room = (order->arguments + order->variables + 2) * sizeof(char*);
  static char* few[512];
  char** pointers = room <= sizeof few ? few : map(room, -1);
  struct job job = {.sheet = sheet, .order = order, .fds = fds + in_file};
  if ((in_file && !file) || !pointers || lay_out(&job, order, in_file ? file : message + sizeof *order, pointers) != 0)
    answer(to, berth_answer_failed, ENOMEM, "read the order for", -1);
  else
    start_process(to, &job);
  if (file) munmap(file, order->size + 1);
  if (pointers && pointers != few) munmap(pointers, room);
}

static void serve(int to, const struct berth_sheet* sheet) {
  for (;;) {
    union {
      char room[CMSG_SPACE(sizeof(int) * (berth_most_fds + 1))];
      struct cmsghdr align;
    } control;
    struct iovec piece = {message, sizeof message};
    struct msghdr head = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    const ssize_t got = recvmsg(to, &head, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) continue;
    if (got < (ssize_t)sizeof(struct berth_order)) return;
    int fds[berth_most_fds + 1];
    size_t count = 0;
    for (struct cmsghdr* one = CMSG_FIRSTHDR(&head); one; one = CMSG_NXTHDR(&head, one)) {
      count = (one->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      memcpy(fds, CMSG_DATA(one), count * sizeof(int));
    }
    struct berth_order order;
    memcpy(&order, message, sizeof order);
    const size_t expected = order.fds + ((order.flags & berth_order_in_file) != 0);
    if (count == expected)
      obey(to, sheet, &order, fds);
    else
      answer(to, berth_answer_failed, EMFILE, "take the descriptors of", -1);
    for (size_t i = 0; i < count; ++i) close(fds[i]);
  }
}

static _Noreturn void be_starter(const struct berth_sheet* sheet) {
  int to = berth_fd_socket, ruleset = -1;
  setsid();
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  if (confine_limit(sheet, 0) != 0) give_up(to, "set", "limits");
  take_low_descriptors(&to);
  if (sheet->landlock && (ruleset = confine_ruleset(sheet)) < 0) give_up(to, "make", "Landlock's rules");
  if (confine_restrict(ruleset) != 0) give_up(to, "put on", "Landlock");
  unsigned needed = sheet->changes_user ? 1U << CAP_SETUID | 1U << CAP_SETGID : 0;
  if (needed && !(sheet->namespaces & CLONE_NEWPID)) needed |= 1U << CAP_KILL; /* for end_session */
  if (confine_bound() != 0 || confine_keep(needed) != 0) give_up(to, "drop", "capabilities");
  prctl(PR_SET_DUMPABLE, 0);
  if (confine_filter(sheet) != 0) give_up(to, "put on", "seccomp");
  answer(to, berth_answer_ready, 0, "", ruleset);
  if (ruleset >= 0) close(ruleset);
  serve(to, sheet);
  if (!(sheet->namespaces & CLONE_NEWPID)) end_session();
  _exit(0);
}

/* The keeper's pidfd comes when there is a keeper. Until then the control groups are entered, for which the kernel
 * waits longest. */
static int take_keeper(void) {
  union {
    char room[CMSG_SPACE(sizeof(int))];
    struct cmsghdr align;
  } control;
  char word;
  struct iovec piece = {&word, 1};
  struct msghdr head = {
      .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
  int keeper = -1;
  if (recvmsg(berth_fd_socket, &head, MSG_CMSG_CLOEXEC) != 1 || !CMSG_FIRSTHDR(&head)) _exit(0); /* the host gave up */
  memcpy(&keeper, CMSG_DATA(CMSG_FIRSTHDR(&head)), sizeof keeper);
  return keeper;
}

int start(void) {
  const struct berth_sheet* sheet = read_sheet(berth_fd_sheet);
  if (!sheet) give_up(berth_fd_socket, "read", "the sheet");
  int groups[berth_most_groups], count = 0, handle = -1;
  while (count < berth_most_groups && fcntl(berth_fd_rest + count, F_GETFD) >= 0)
    groups[count] = berth_fd_rest + count, ++count;
  if (confine_enter_groups(groups, (size_t)count) != 0) give_up(berth_fd_socket, "enter", "the control groups");
  const int keeper = sheet->namespaces ? take_keeper() : -1;
  if (confine_join(sheet, keeper) != 0) give_up(berth_fd_socket, "join", "the namespaces");
  if (sheet->namespaces & CLONE_NEWUSER && confine_become(sheet, 0) != 0)
    give_up(berth_fd_socket, "become", "the starter");
  const int child =
      (int)syscall(SYS_clone, (unsigned long)(CLONE_PARENT | CLONE_PIDFD | SIGCHLD), NULL, &handle, NULL, 0);
  if (child < 0) give_up(berth_fd_socket, "start", "the starter");
  if (child == 0) be_starter(sheet);
  answer(berth_fd_socket, berth_answer_process, 0, "", handle);
  return 0;
}

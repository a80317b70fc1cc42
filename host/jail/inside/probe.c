/* What this machine allows, found by trying it in a process that ends right after: one line for each, NAME ERRNO. That
 * a mechanism is there is not enough: what it is to refuse has to be refused. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "roles.h"
#include "small.h"

static void say(const char* name, int error) {
  char line[64];
  const int size = snprintf(line, sizeof line, "%s %d\n", name, error);
  if (write(1, line, (size_t)size) != size) _exit(1);
}

static void say_tried(const char* name, int result) { say(name, result == 0 ? 0 : errno); }

static unsigned jail_user = 65534; /* whom a jail is to have, where it can */

static int map_self(unsigned user, unsigned group) {
  char map[48];
  if (write_text("/proc/self/setgroups", "deny") != 0) return -1;
  snprintf(map, sizeof map, "0 %u 1\n", user);
  if (write_text("/proc/self/uid_map", map) != 0) return -1;
  snprintf(map, sizeof map, "0 %u 1\n", group);
  return write_text("/proc/self/gid_map", map);
}

static int try_mounts(void) {
  struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
  const int tree = (int)syscall(SYS_open_tree, AT_FDCWD, "/usr", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | 0x8000);
  if (tree < 0 || syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | 0x8000, &attr, sizeof attr) != 0) return -1;
  return mount("tmpfs", "/tmp", "tmpfs", 0, "size=16k");
}

/* In a process namespace made just now: the first process, which may mount its own /proc. */
static int try_proc(void) {
  int status = 0;
  const int child = (int)syscall(SYS_clone, (unsigned long)SIGCHLD, NULL, NULL, NULL, 0);
  if (child == 0) _exit(mount("proc", "/tmp", "proc", MS_RDONLY, "hidepid=invisible") == 0 ? 0 : errno);
  if (child < 0 || waitpid(child, &status, 0) != child) return -1;
  errno = WEXITSTATUS(status);
  return errno == 0 ? 0 : -1;
}

static void try_namespaces(void) {
  const unsigned user = geteuid(), group = getegid();
  int made = unshare(CLONE_NEWUSER);
  if (made == 0) made = map_self(user, group);
  say_tried("user", made);
  if (unshare(CLONE_NEWNS) != 0) {
    say("mount", errno);
    say("proc", errno);
  } else {
    say_tried("mount", try_mounts());
  }
  say_tried("net", unshare(CLONE_NEWNET));
  say_tried("ipc", unshare(CLONE_NEWIPC));
  say_tried("uts", unshare(CLONE_NEWUTS));
  say_tried("cgroupns", unshare(CLONE_NEWCGROUP));
  const int pid = unshare(CLONE_NEWPID);
  say_tried("pid", pid);
  if (pid == 0) say_tried("proc", try_proc());
}

static int map_child(int child) {
  char path[64], map[48];
  for (int groups = 0; groups < 2; ++groups) {
    snprintf(path, sizeof path, "/proc/%d/%s", child, groups ? "gid_map" : "uid_map");
    snprintf(map, sizeof map, "0 %u 1\n", jail_user);
    if (write_text(path, map) != 0) return -1;
  }
  return 0;
}

/* What a keeper does, as far as it concerns who wants in: it becomes another user, where there is one. */
static _Noreturn void hold(int go, int ready) {
  char word;
  if (read(go, &word, 1) != 1) _exit(1);
  if (word == 'u' && (syscall(SYS_setresgid, 0, 0, 0) != 0 || syscall(SYS_setresuid, 0, 0, 0) != 0)) _exit(1);
  prctl(PR_SET_DUMPABLE, 1);
  if (write(ready, "", 1) == 1 && read(go, &word, 1) < 0) _exit(1);
  _exit(0);
}

/* That namespaces can be made is not enough: the host's other children have to get into them. */
static int join_made(void) {
  unsigned long kinds = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUSER;
  int go[2], ready[2], handle = -1;
  char word;
  if (pipe2(go, O_CLOEXEC) != 0 || pipe2(ready, O_CLOEXEC) != 0) return -1;
  int child = (int)syscall(SYS_clone, kinds | CLONE_PIDFD | SIGCHLD, NULL, &handle, NULL, 0);
  if (child < 0) {
    kinds &= ~(unsigned long)CLONE_NEWUSER;
    child = (int)syscall(SYS_clone, kinds | CLONE_PIDFD | SIGCHLD, NULL, &handle, NULL, 0);
  }
  if (child < 0) return -1;
  if (child == 0) {
    close(go[1]);
    close(ready[0]);
    hold(go[0], ready[1]);
  }
  close(ready[1]);
  const int other = kinds & CLONE_NEWUSER && map_child(child) == 0;
  if (write(go[1], other ? "u" : "-", 1) != 1 || read(ready[0], &word, 1) != 1) {
    errno = ESRCH;
    return -1;
  }
  return setns(handle, (int)kinds);
}

static void try_join(void) { say_tried("join", join_made()); }

static void try_landlock(void) {
  const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 0) {
    say("landlock", errno);
    return;
  }
  uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE;
  const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &writing, sizeof writing, 0);
  if (ruleset < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
    say("landlock", errno);
    return;
  }
  const int opened = open("/dev/null", O_WRONLY | O_CLOEXEC);
  say("landlock", opened < 0 && errno == EACCES ? 0 : EBADE);
  say("landlock_abi", (int)abi);
}

static void try_seccomp(void) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {4, code};
  const int nothing_new = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  say_tried("no_new_privs", nothing_new);
  const int put_on = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
  say("seccomp", put_on != 0 ? errno : syscall(SYS_getppid) == -1 && errno == EDOM ? 0 : EBADE);
}

static void try_user(void) {
  const unsigned user = jail_user;
  const int became = syscall(SYS_setgroups, 0, NULL) == 0 && syscall(SYS_setresgid, user, user, user) == 0 &&
                     syscall(SYS_setresuid, user, user, user) == 0;
  say("uid", !became ? errno : kill(getppid(), 0) == -1 && errno == EPERM ? 0 : EBADE);
}

static void apart(void (*what)(void)) {
  const int child = (int)syscall(SYS_clone, (unsigned long)SIGCHLD, NULL, NULL, NULL, 0);
  if (child == 0) {
    what();
    _exit(0);
  }
  if (child > 0) waitpid(child, NULL, 0);
}

int probe(int count, char** with) {
  if (count > 0) jail_user = (unsigned)strtoul(with[0], NULL, 10);
  apart(try_namespaces);
  apart(try_join);
  apart(try_landlock);
  apart(try_seccomp);
  try_user();
  return 0;
}

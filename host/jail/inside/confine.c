/* See confine.h. Raw system calls where the C library would make all threads follow. */
#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "small.h"

/* Of Landlock what older headers do not know yet. */
#define FS_REFER (1ULL << 13)    /* ABI 2 */
#define FS_TRUNCATE (1ULL << 14) /* ABI 3 */
#define FS_IOCTL (1ULL << 15)    /* ABI 5 */
#define SCOPE_ABSTRACT 1ULL      /* ABI 6 */
#define SCOPE_SIGNAL 2ULL
struct ruleset_attributes {
  uint64_t fs, net, scoped;
};

int confine_enter_groups(const int* groups, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (write(groups[i], "0", 1) != 1) return -1;
  }
  return 0;
}

int confine_join(const struct berth_sheet* sheet, int keeper) {
  if (sheet->namespaces == 0) return 0;
  return setns(keeper, (int)sheet->namespaces);
}

static int set_limit(const struct berth_limit* limit) {
  struct rlimit now, want = {limit->soft, limit->hard};
  if (getrlimit((__rlimit_resource_t)limit->resource, &now) != 0) return -1;
  if (now.rlim_max < want.rlim_max) want.rlim_max = now.rlim_max;
  if (want.rlim_max < want.rlim_cur) want.rlim_cur = want.rlim_max;
  return setrlimit((__rlimit_resource_t)limit->resource, &want);
}

int confine_limits(const struct berth_limit* limits, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    if (set_limit(&limits[i]) != 0) return -1;
  }
  return 0;
}

int confine_limit(const struct berth_sheet* sheet, int whole) {
  for (uint32_t i = 0; i < sheet->limits; ++i) {
    if (!whole && sheet->limit[i].resource != RLIMIT_NPROC) continue;
    if (set_limit(&sheet->limit[i]) != 0) return -1;
  }
  return 0;
}

static uint64_t all_access(uint32_t abi) {
  uint64_t all = (1ULL << 13) - 1;
  if (abi >= 2) all |= FS_REFER;
  if (abi >= 3) all |= FS_TRUNCATE;
  if (abi >= 5) all |= FS_IOCTL;
  return all;
}

/* Devices and what makes them are left out: nobody in a jail makes any. */
static uint64_t access_of(const struct berth_sheet* sheet, uint32_t access) {
  uint64_t some = 0;
  if (access & berth_access_read) some |= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
  if (access & berth_access_run) some |= LANDLOCK_ACCESS_FS_EXECUTE;
  if (access & berth_access_device) some |= LANDLOCK_ACCESS_FS_WRITE_FILE | FS_IOCTL;
  if (access & berth_access_write)
    some |= LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
            LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
            LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM | FS_REFER | FS_TRUNCATE;
  return some & all_access(sheet->landlock);
}

static int add_rule(const struct berth_sheet* sheet, int ruleset, const struct berth_rule* rule) {
  const uint64_t for_files = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
                             FS_TRUNCATE | FS_IOCTL;
  const int at = open(text_of(sheet, rule->path), O_PATH | O_CLOEXEC);
  if (at < 0) return errno == ENOENT || errno == EACCES ? 0 : -1; /* what is not there needs no leave */
  struct stat what;
  struct landlock_path_beneath_attr beneath = {access_of(sheet, rule->access), at};
  if (fstat(at, &what) == 0 && !S_ISDIR(what.st_mode)) beneath.allowed_access &= for_files;
  long done = 0;
  if (beneath.allowed_access != 0)
    done = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
  const int why = errno;
  close(at);
  errno = why;
  return done == 0 ? 0 : -1;
}

int confine_ruleset(const struct berth_sheet* sheet) {
  struct ruleset_attributes about = {all_access(sheet->landlock), 0, 0};
  if (sheet->landlock_scope) about.scoped = SCOPE_ABSTRACT | SCOPE_SIGNAL;
  const size_t size = about.scoped ? sizeof about : sizeof about.fs;
  const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &about, size, 0);
  if (ruleset < 0) return -1;
  for (uint32_t i = 0; i < sheet->rules; ++i) {
    if (add_rule(sheet, ruleset, &sheet->rule[i]) == 0) continue;
    close(ruleset);
    return -1;
  }
  return ruleset;
}

int confine_restrict(int ruleset) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  if (ruleset < 0) return 0;
  return (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
}

/* Who has none cannot drop any, and does not need to: no_new_privs holds. */
int confine_bound(void) {
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (unsigned long one = 0; one < 64; ++one) {
    if (prctl(PR_CAPBSET_DROP, one, 0, 0, 0) != 0) return errno == EINVAL || errno == EPERM ? 0 : -1;
  }
  return 0;
}

/* `user` as the jail numbers it; its group has the same number. */
int confine_become(const struct berth_sheet* sheet, uint32_t user) {
  if (!sheet->changes_user) return 0;
  if (syscall(SYS_setgroups, 0, NULL) != 0) return -1;
  if (syscall(SYS_setresgid, user, user, user) != 0) return -1;
  return (int)syscall(SYS_setresuid, user, user, user);
}

int confine_keep(unsigned capabilities) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{capabilities, capabilities, 0}, {0, 0, 0}};
  return (int)syscall(SYS_capset, &head, data);
}

int confine_filter(const struct berth_sheet* sheet) {
  if (sheet->filter == 0) return 0;
  const struct sock_fprog program = {(unsigned short)sheet->filter, (struct sock_filter*)sheet->code};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/* libberth-confine.so: see sdk/include/berth/confine.h. The steps are confine.c's, as the starter takes them. */
#define _GNU_SOURCE
#include <berth/confine.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "confine.h"
#include "small.h"

#define PUBLIC __attribute__((visibility("default")))

enum { at_sheet, at_keeper, at_ruleset, at_groups };

static int home = -1; /* the process namespace that this process's children are born in when it aims at none */

static void release(const struct berth_sheet* sheet) { munmap((void*)sheet, sizeof *sheet); }

static int fail(const char* what, char* why, int room) {
  if (why && room > 0) snprintf(why, (size_t)room, "%s", what);
  return -1;
}

static const struct berth_sheet* sheet_of(const int* ticket, int count) {
  if (!ticket || count < at_groups || count > at_groups + berth_most_groups) {
    errno = EINVAL;
    return NULL;
  }
  return read_sheet(ticket[at_sheet]);
}

PUBLIC int berth_confine_version(void) { return BERTH_CONFINE_VERSION; }

PUBLIC int berth_confine_shape(int fd) {
  const struct berth_sheet* sheet = read_sheet(fd);
  if (!sheet) return -1;
  const int shape = (sheet->namespaces != 0 ? 1 : 0) | (sheet->landlock != 0 ? 2 : 0);
  release(sheet);
  return shape;
}

PUBLIC int berth_confine_aim(const int* ticket, int count) {
  const struct berth_sheet* sheet = sheet_of(ticket, count);
  if (!sheet) return -1;
  const uint32_t namespaces = sheet->namespaces;
  release(sheet);
  if (!(namespaces & CLONE_NEWPID)) return 0;
  if (home < 0) home = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
  if (home < 0) return -1;
  if (setns(ticket[at_keeper], CLONE_NEWPID) == 0) return 0;
  const int why = errno;
  close(home);
  home = -1; /* it has not left */
  errno = why;
  return why == EPERM ? 1 : -1;
}

PUBLIC int berth_confine_return(void) { return home < 0 ? 0 : setns(home, CLONE_NEWPID); }

static int seal(const struct berth_sheet* sheet, int ruleset, char* why, int room) {
  const int in_user_namespace = (sheet->namespaces & CLONE_NEWUSER) != 0;
  if (confine_limit(sheet, 1) != 0) return fail("set the limits", why, room);
  if (confine_restrict(sheet->landlock ? ruleset : -1) != 0) return fail("put on Landlock", why, room);
  if (confine_bound() != 0 || confine_become(sheet, in_user_namespace ? sheet->agent_inside : sheet->agent) != 0)
    return fail("become the agent's user", why, room);
  if (confine_keep(0) != 0) return fail("drop the capabilities", why, room);
  if (confine_filter(sheet) != 0) return fail("put on seccomp", why, room);
  return chdir("/") == 0 ? 0 : fail("leave the old folder", why, room);
}

PUBLIC int berth_confine_seal(const int* ticket, int count, char* why, int room) {
  const struct berth_sheet* sheet = sheet_of(ticket, count);
  if (!sheet) return fail("read the ticket", why, room);
  const int done = seal(sheet, ticket[at_ruleset], why, room);
  const int error = errno;
  release(sheet);
  errno = error;
  return done;
}

/* A process that was born in the jail's process namespace sees the keeper as the first of its own. */
PUBLIC int berth_confine_enter(const int* ticket, int count, char* why, int room) {
  const struct berth_sheet* sheet = sheet_of(ticket, count);
  if (!sheet) return fail("read the ticket", why, room);
  const int namespaces = (int)sheet->namespaces, aimed = getppid() == 0;
  int done = 0;
  if (confine_enter_groups(ticket + at_groups, (size_t)(count - at_groups)) != 0)
    done = fail("enter the control groups", why, room);
  else if (namespaces && setns(ticket[at_keeper], aimed ? namespaces & ~CLONE_NEWPID : namespaces) != 0)
    done = fail("join the namespaces", why, room);
  const int error = errno;
  release(sheet);
  errno = error;
  if (done != 0) return done;
  if ((namespaces & CLONE_NEWPID) && !aimed) return 1;
  return berth_confine_seal(ticket, count, why, room);
}

/* libberth-confine.so: how a process that was forked, and not started by the host, puts itself into a session's jail:
 * the worker of a Python kernel, for one. C, no dependencies, callable through ctypes. Nothing here allocates or takes
 * a lock.
 *
 * A *ticket* is an array of descriptors that the host gives for an open jail, in this order: the sheet (what the jail
 * is), the keeper's pidfd or -1, the Landlock ruleset or -1, and one open cgroup.procs for each control group. -1
 * cannot travel through a socket: the first word of the sheet tells who sends which (see berth_confine_shape).
 *
 * The forking process must have one thread only. Where it may (it is root), a child needs one fork:
 *
 *     berth_confine_aim(ticket, n)            in the parent: its next children are born in the jail's process namespace
 *     fork()
 *       berth_confine_enter(ticket, n, …)     in the child: 0, it is confined
 *     berth_confine_return()                  in the parent
 *
 * Elsewhere berth_confine_aim answers 1, and berth_confine_enter in the child answers 1 as well: the child has joined,
 * and a child of *it* calls berth_confine_seal and is the confined one. */
#ifndef BERTH_CONFINE_H
#define BERTH_CONFINE_H

#ifdef __cplusplus
extern "C" {
#endif

#define BERTH_CONFINE_VERSION 1
int berth_confine_version(void);

/* What else than the sheet a ticket's sender has put into it: bit 0 the keeper's pidfd, bit 1 the ruleset. -1: no
 * sheet. */
int berth_confine_shape(int sheet);

/* 0: done. 1: this process may not; the child has to fork once more. -1: an error, with errno. */
int berth_confine_aim(const int* ticket, int count);
/* The parent's own process namespace again. 0, or -1 with errno: this process must not fork again. */
int berth_confine_return(void);

/* 0: confined. 1: joined; now fork, and seal in the child. -1: an error with errno, and `why`, if not null, says what
 * failed; the process must end, since it may be half inside. */
int berth_confine_enter(const int* ticket, int count, char* why, int room);
int berth_confine_seal(const int* ticket, int count, char* why, int room);

#ifdef __cplusplus
}
#endif

#endif

/* The steps by which a process puts itself into an open jail; each returns 0, or -1 with errno. They are the same for
 * what the starter starts and for a process that confines itself through libberth-confine.so. */
#ifndef BERTH_JAIL_CONFINE_H
#define BERTH_JAIL_CONFINE_H

#include <stddef.h>

#include "sheet.h"

int confine_enter_groups(const int* groups, size_t count); /* control groups, through their open cgroup.procs */
int confine_join(const struct berth_sheet* sheet, int keeper);
/* `whole`: all limits; otherwise those alone that hold for whoever starts processes. */
int confine_limit(const struct berth_sheet* sheet, int whole);
int confine_limits(const struct berth_limit* limits, uint32_t count); /* those that are lower already stay */
int confine_ruleset(const struct berth_sheet* sheet);                 /* a Landlock ruleset's descriptor, or -1 */
int confine_restrict(int ruleset);                                    /* no new privileges, and Landlock unless -1 */
int confine_bound(void);                                              /* no capability can be had again */
int confine_become(const struct berth_sheet* sheet, uint32_t user);
int confine_keep(unsigned capabilities); /* these alone, of the first 32 */
int confine_filter(const struct berth_sheet* sheet);

#endif

/* berth.timers/1 — lent by the host: something is called later, once or again and again. Every plugin has it; nothing
 * is to be declared. */
#ifndef BERTH_SERVICE_TIMERS_H
#define BERTH_SERVICE_TIMERS_H
#include <berth/abi.h>

#define BERTH_TIMERS "berth.timers/1"
#define BERTH_TIMERS_MOST 10000u /* that one instance may have at once */

typedef struct berth_tick {
  uint32_t size;
  uint32_t reserved;
  /* Serialised like invoke(), on the host's I/O thread: it must not block. `missed` periods had passed without a tick,
   * because the instance was busy: they are not made up for. */
  void (*tick)(void* with, uint64_t timer, uint64_t missed);
  /* Once, when it will not tick any more: whatever `with` is may be freed. Any thread; must not block or call the host.
   * At the latest before destroy(). May be NULL. */
  void (*gone)(void* with);
  void* with; /* the plugin's */
} berth_tick;

typedef struct berth_timers {
  uint32_t size;
  /* After `ms`, once; or after `ms` and then each `ms`, from the beginning and without drift (0 counts as 1). Any
   * thread; never blocks. The berth_tick is copied. The timer's number, never used twice; or 0, and gone() is not
   * called: there are too many, or the instance is about to be destroyed. */
  uint64_t (*after)(const berth_host*, uint64_t ms, const berth_tick*);
  uint64_t (*every)(const berth_host*, uint64_t ms, const berth_tick*);
  /* 1: it will not tick any more. 0: it had ended, or its last tick is running just now. Any thread; never blocks. */
  int (*cancel)(const berth_host*, uint64_t timer);
} berth_timers;
#endif

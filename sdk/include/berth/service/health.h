/* berth.health/1 — lent by a plugin: the host asks it when /health is read, and before a reloaded
 * plugin takes over. */
#ifndef BERTH_SERVICE_HEALTH_H
#define BERTH_SERVICE_HEALTH_H
#include <berth/abi.h>

#define BERTH_HEALTH "berth.health/1"

typedef struct berth_health {
  uint32_t size;
  /* 1 if the instance can do its work. Otherwise 0, and up to `room` bytes of why, not terminated, into `why`, whose
   * length it puts into *used. Any thread; must not block. */
  int (*check)(void* self, char* why, size_t room, size_t* used);
} berth_health;
#endif

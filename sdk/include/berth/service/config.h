/* berth.config/1 — lent by the host: the instance's own configuration. Every plugin has it; nothing is to be declared.
 */
#ifndef BERTH_SERVICE_CONFIG_H
#define BERTH_SERVICE_CONFIG_H
#include <berth/abi.h>

#define BERTH_CONFIG "berth.config/1"

typedef struct berth_config {
  uint32_t size;
  /* The JSON object that create() was given. Any thread; never blocks. Owner: the host; valid until destroy() returns.
   * A changed configuration makes a new instance. */
  berth_text (*text)(const berth_host*);
} berth_config;
#endif

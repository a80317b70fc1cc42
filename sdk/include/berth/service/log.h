/* berth.log/1 — lent by the host: a line in Berth's log under the plugin's name. */
#ifndef BERTH_SERVICE_LOG_H
#define BERTH_SERVICE_LOG_H
#include <berth/abi.h>

#define BERTH_LOG "berth.log/1"

typedef enum berth_level { BERTH_DEBUG = 0, BERTH_INFO = 1, BERTH_WARN = 2, BERTH_ERROR = 3 } berth_level;

typedef struct berth_log {
  uint32_t size;
  /* Any thread; never blocks. `fields` is a JSON object whose members join the line; may be empty. */
  void (*write)(const berth_host*, berth_level, berth_text message, berth_text fields);
} berth_log;
#endif

/* berth.secrets/1 — lent by the host: what berth.lua gives this plugin under a name and nobody else may see. To be
 * declared and granted. Copy a secret nowhere that outlives its use, and never into an answer, an event, an error or
 * the log. */
#ifndef BERTH_SERVICE_SECRETS_H
#define BERTH_SERVICE_SECRETS_H
#include <berth/abi.h>

#define BERTH_SECRETS "berth.secrets/1"

typedef struct berth_secrets {
  uint32_t size;
  /* The secret of that name; data is NULL if berth.lua gives none. Any thread; never blocks. Owner: the host; valid
   * until destroy() returns, and wiped then. */
  berth_text (*read)(const berth_host*, berth_text name);
} berth_secrets;
#endif

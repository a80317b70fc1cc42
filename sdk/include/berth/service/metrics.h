/* berth.metrics/1 — lent by the host: numbers in GET /metrics, named berth_plugin_NAME_… and cheap to change: they are
 * carried to the host all at once, not one by one. Nothing is to be declared. */
#ifndef BERTH_SERVICE_METRICS_H
#define BERTH_SERVICE_METRICS_H
#include <berth/abi.h>

#define BERTH_METRICS "berth.metrics/1"

typedef enum berth_metric { BERTH_COUNTER = 0, BERTH_GAUGE = 1, BERTH_HISTOGRAM = 2 } berth_metric;

typedef struct berth_series {
  uint32_t size;
  uint32_t kind;        /* a berth_metric; one name has one kind */
  berth_text name;      /* a-z 0-9 _, at most 80 bytes; a counter's ends in _total, which is added if it does not */
  berth_text help;      /* one line; that of a name's first series counts */
  berth_text labels;    /* a JSON object of texts, at most 8; may be empty */
  const double* bounds; /* histograms: upper bounds, rising, at most 32; NULL: from 100 µs to a minute, in seconds */
  size_t bounds_count;
} berth_series;

typedef struct berth_metrics {
  uint32_t size;
  /* The number of a series, for what follows; the same one for the same name and labels. 0: not taken, because of its
   * form, its kind or the 256 that a plugin may have; the log says why. Any thread; takes a lock: keep the number.
   * Valid until destroy() returns; what the series showed is gone then. */
  uint32_t (*series)(const berth_host*, const berth_series*);
  /* Any thread; never block; of a number that is none: nothing. */
  void (*add)(const berth_host*, uint32_t series, double by);        /* counter (by at least 0), gauge */
  void (*set)(const berth_host*, uint32_t series, double to);        /* gauge */
  void (*observe)(const berth_host*, uint32_t series, double value); /* histogram */
} berth_metrics;
#endif

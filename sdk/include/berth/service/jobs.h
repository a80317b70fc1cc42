/* berth.jobs/1 — lent by the host: work that goes on after its call was answered. To be declared and granted. The host
 * answers the call with 202, {"job": "…"} and Location: /jobs/…; there, clients see how far it is, cancel it, and fetch
 * its result, which the host keeps for a while, in memory. A job belongs to the session and the caller of its call. */
#ifndef BERTH_SERVICE_JOBS_H
#define BERTH_SERVICE_JOBS_H
#include <berth/abi.h>

#define BERTH_JOBS "berth.jobs/1"

typedef struct berth_jobs {
  uint32_t size;
  /* Answers an open call of a `call` operation by a job; the call is over then, and its texts are gone. cancelled() is
   * called, once, when somebody cancels the job: the host has ended it already; stop. It is serialised like invoke(),
   * must not block, may be NULL, and is not called once the job has ended or destroy() has begun. `with` is the
   * plugin's. Any thread. The job's number, or 0: no such call, or too many jobs (256) of this plugin go on; the call
   * is still to be answered then. */
  uint64_t (*begin)(const berth_host*, berth_call, void (*cancelled)(void* with, uint64_t job), void* with);
  /* How far it is: 0 to 100, or -1 for what was said last; `text` in a few words (at most 1 KiB). Any thread; never
   * blocks. BERTH_GONE: the job has ended. */
  berth_flow (*report)(const berth_host*, uint64_t job, int32_t percent, berth_text text);
  /* The end of it, with a result (JSON, at most 4 MiB) or with what went wrong. Any thread; never block. BERTH_WRONG:
   * not taken, too large or no JSON. A job holds the instance as a call does, so a reload or an unload waits for its
   * end, an hour unless berth.lua says otherwise; then it is lost, and cancelled() is called. It is lost, too, when the
   * instance's process dies, or the host ends. */
  berth_flow (*done)(const berth_host*, uint64_t job, berth_text json);
  berth_flow (*failed)(const berth_host*, uint64_t job, const berth_failure*);
} berth_jobs;
#endif

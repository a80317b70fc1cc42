/* berth.calls/1 — lent by the host: calls of other operations, by their names, with the scopes that berth.lua grants.
 * To be declared and granted. Rules, audit and schemas apply as to everybody; the audit names "plugin:NAME". */
#ifndef BERTH_SERVICE_CALLS_H
#define BERTH_SERVICE_CALLS_H
#include <berth/abi.h>

#define BERTH_CALLS "berth.calls/1"

/* With no more rights than the session's own token: scope run, this session. For what the agent's code asks for. */
#define BERTH_ASK_AS_SESSION 1u
/* Goes on when the client of `as` leaves: for protocols whose clients come back for an answer. cancel() is then the
 * plugin's to call, or it ends by itself. */
#define BERTH_ASK_OUTLIVES 2u

typedef struct berth_ask {
  uint32_t size;
  uint32_t flags; /* BERTH_ASK_AS_SESSION, BERTH_ASK_OUTLIVES, both, or 0 */
  /* An open call that this one is made for: in its session and with its caller's rights, as far as the grant goes, and
   * cancelled with it, unless it outlives it. 0: on the plugin's own behalf. */
  berth_call as;
  /* Of kind call, stream or download. Any other is refused as wrong_kind: the body of an upload, the messages of a
   * socket and a client's own HTTP are bounded and kept flowing where its connection is, and a plugin has none. */
  berth_text operation;
  berth_text input;   /* a JSON object; empty: {} */
  berth_text session; /* on its own behalf; empty: "main" */
  uint64_t job;       /* in place of `as`, a job of the plugin's that goes on; 0: none */
} berth_ask;

/* What becomes of it. All are serialised like invoke(), must not block, and are not called once cancel() was called
 * from a serialised call or destroy() has begun. What they are given is valid until they return. None may be NULL. */
typedef struct berth_ears {
  uint32_t size;
  uint32_t reserved;
  void (*answer)(void* with, uint64_t ask, berth_text json);         /* the end of a `call` */
  void (*fail)(void* with, uint64_t ask, const berth_failure*);      /* the end of any */
  void (*begin)(void* with, uint64_t ask, const berth_head*);        /* a download in pieces begins */
  void (*file)(void* with, uint64_t ask, int fd, const berth_head*); /* the end of a download; fd is the plugin's now */
  berth_flow (*chunk)(void* with, uint64_t ask, const berth_chunk*); /* BERTH_FULL: no more until resume() */
  void (*finish)(void* with, uint64_t ask, uint32_t code, berth_text reason); /* the end of a stream, of pieces */
} berth_ears;

typedef struct berth_calls {
  uint32_t size;
  /* Any thread; never blocks. `ears` and `with` are the plugin's and stay until the call has ended. The call's number,
   * or 0: too many (256) are open, or there are flags that this host does not know. Whatever else is wrong is heard by
   * fail(). */
  uint64_t (*start)(const berth_host*, const berth_ask*, const berth_ears* ears, void* with);
  /* Any thread; never block. */
  void (*resume)(const berth_host*, uint64_t ask);
  void (*cancel)(const berth_host*, uint64_t ask);
} berth_calls;
#endif

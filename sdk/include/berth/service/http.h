/* berth.http/1 — lent by the host: asks HTTP services of this machine that a plugin guards, and no others: 127.0.0.0/8,
 * ::1, "localhost" and Unix sockets; no other name is looked up. To be declared and granted. Connections are kept and
 * used again. */
#ifndef BERTH_SERVICE_HTTP_H
#define BERTH_SERVICE_HTTP_H
#include <berth/abi.h>

#define BERTH_HTTP "berth.http/1"
#define BERTH_HTTP_MOST 256u /* that one instance may have open */
enum { BERTH_HTTP_BESIDE = 1 /* its ears are called beside the plugin's other calls, as if they were `concurrent` */ };

typedef struct berth_http_field {
  berth_text name, value;
} berth_http_field;

typedef struct berth_http_request {
  uint32_t size;
  uint32_t flags;
  berth_text target; /* "http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:8080", "unix:/run/x.sock" (a
                      * confined process hears unreachable: it has no Unix sockets, since whoever may connect to that of
                      * a daemon mostly rules the machine, and no layer of its confinement tells one from another) */
  berth_text method; /* empty: GET */
  berth_text path;   /* with its query; empty: "/" */
  const berth_http_field* fields; /* Host and Content-Length are stated by the host */
  size_t field_count;
  berth_text body;
  uint64_t patience_ms; /* with a service that says nothing; 0: 30 s */
  uint64_t body_most;   /* bytes that the answer may have; 0: 1 GiB */
} berth_http_request;

/* What is heard: serialised like invoke() unless BERTH_HTTP_BESIDE, on the host's I/O thread; none may block. Nothing
 * is called once destroy() has begun, nor after cancel() from a serialised call. What they are given is valid until
 * they return. All but `ended` may be NULL. */
typedef struct berth_http_ears {
  uint32_t size;
  uint32_t reserved;
  void (*head)(void* with, uint64_t exchange, int32_t status, const berth_http_field* fields, size_t count);
  /* A piece of the answer's body. The next one is read when this has returned BERTH_OK; after BERTH_FULL, when resume()
   * was called. */
  berth_flow (*piece)(void* with, uint64_t exchange, berth_text bytes);
  /* Once, unless it is cancelled. NULL: the answer is whole. Otherwise code says why not: not_loopback, bad_request,
   * unreachable, silent, cut_off, stranger (it speaks no HTTP), answer_too_large. */
  void (*ended)(void* with, uint64_t exchange, const berth_failure* why);
  /* Once, and last: whatever `with` is may be freed. Any thread; must not block or call the host. At the latest before
   * destroy(). */
  void (*gone)(void* with);
  void* with; /* the plugin's */
} berth_http_ears;

typedef struct berth_http {
  uint32_t size;
  /* Any thread; never blocks. Both structs are copied. The exchange's number, never used twice; or 0, and gone() is not
   * called: 256 are open, the instance is about to be destroyed, or a struct is wrong. */
  uint64_t (*start)(const berth_host*, const berth_http_request*, const berth_http_ears*);
  /* More of its body, please. Any thread; never blocks. */
  void (*resume)(const berth_host*, uint64_t exchange);
  /* Nobody wants the rest. Any thread; never blocks. */
  void (*cancel)(const berth_host*, uint64_t exchange);
  /* Waits until ended() has returned. 1: it has. 0: it cannot be waited for here: on the I/O thread (in whatever is not
   * `blocking`), in create(), or without BERTH_HTTP_BESIDE. */
  int (*wait)(const berth_host*, uint64_t exchange);
} berth_http;
#endif

/* The boundary between Berth and a plugin, in plain C because C outlives compilers.
 *
 * Rules that hold for every line of this page:
 *  - Text is UTF-8, given as pointer and length, and belongs to the side that passes it: it is valid until the function
 *    returns, except for the texts of a berth_request, which are valid until the plugin has answered the call.
 *  - Nothing that is allocated on one side is freed on the other. No exception crosses.
 *  - Every struct starts with its own size; fields are only ever added at its end. A minor version adds, a major one
 * breaks.
 *  - Functions of berth_host may be called from any thread. Functions of berth_plugin are called by the host as written
 * there. */
#ifndef BERTH_ABI_H
#define BERTH_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BERTH_ABI_MAJOR 1u
#define BERTH_ABI_MINOR 0u

typedef struct berth_text {
  const char* data;
  size_t size;
} berth_text;

typedef uint64_t berth_call; /* the name of one call; never used twice, so a late or a second answer harms nobody */

typedef enum berth_flow {
  BERTH_OK = 0,   /* taken */
  BERTH_FULL = 1, /* taken, but the client reads slowly: send no more until drained() or wait() returns */
  BERTH_GONE = 2, /* not taken: the call is cancelled or its client left; finish() or fail() it and stop */
  BERTH_WRONG = 3 /* not taken: answered before, or not an answer that this kind of operation can give */
} berth_flow;

typedef struct berth_failure { /* becomes an RFC 9457 problem */
  uint32_t size;
  int32_t status;     /* an HTTP status, 400 to 599 */
  berth_text code;    /* a stable_word for programs */
  berth_text message; /* what happened */
  berth_text hint;    /* what to do about it; may be empty */
} berth_failure;

typedef struct berth_chunk { /* a server-sent event, a piece of a download or of an http answer, a socket's message */
  uint32_t size;
  uint32_t binary; /* sockets: 1 for a binary message, 0 for text */
  berth_text bytes;
  berth_text event; /* streams: the event's name; may be empty */
  berth_text id;    /* streams: the event's id; the host numbers events whose id is empty */
} berth_chunk;

typedef struct berth_head { /* what a download is, or an http answer */
  uint32_t size;
  berth_text type; /* media type; empty means application/octet-stream */
  berth_text name; /* file name offered to the client; may be empty */
  berth_text etag; /* strong entity tag without quotes; empty lets the host derive one from the file */
  uint32_t page;   /* 1: of a web site, whose scripts are to run: in a sandbox without any origin. 0: nothing runs */
  /* http alone, from here on */
  uint32_t status;   /* 200 to 599; 0 means 200 */
  berth_text fields; /* further header fields, each as "Name: value\n" */
  uint32_t whole;    /* 1: finish() follows soon, and the answer leaves in one piece, with its length */
  uint32_t reserved;
} berth_head;

typedef struct berth_request { /* one call, as it reaches the plugin */
  uint32_t size;
  uint32_t operation; /* index into the manifest's operations */
  berth_call call;
  berth_text input;   /* a JSON object that fits the operation's input schema */
  berth_text session; /* whose seat this is; "main" where the client named none */
  berth_text caller;  /* the name of the token */
  berth_text scope;   /* "read", "run" or "admin": the caller's */
  berth_text request_id;
  berth_text traceparent;   /* W3C trace context to pass on */
  berth_text last_event_id; /* streams: where the client left off; empty if it starts */
  int32_t body_fd;          /* uploads: the body, at offset 0, the host's to close; otherwise, and if announced, -1 */
  uint32_t reserved;
  uint64_t body_size; /* announced: as the client says; 0 if it does not */
  berth_text body_type;
  berth_text body_name; /* the file name the client gave; never a path; may be empty */
  /* http alone, from here on */
  berth_text method;  /* one that the manifest names, or HEAD, whose answer has no body */
  berth_text fields;  /* those header fields that the manifest names, each as "name: value\n", names in small letters */
  berth_text content; /* the whole body, any bytes; of body_type */
} berth_request;

typedef struct berth_host berth_host;
struct berth_host { /* what the host lends to one plugin instance; valid until destroy() returns */
  uint32_t size;
  uint16_t major, minor;
  /* A service by id, such as "berth.log/1"; NULL if the host has none or this plugin is not granted it. */
  const void* (*service)(const berth_host*, berth_text id);
  /* Says why create() is about to return NULL. */
  void (*refuse)(const berth_host*, const berth_failure* why);

  /* The answer to a `call` or an `upload`: one JSON value. Ends the call. */
  berth_flow (*send)(const berth_host*, berth_call, berth_text json);
  /* The other answer, of every kind of operation. Ends the call. */
  berth_flow (*fail)(const berth_host*, berth_call, const berth_failure*);
  /* A `download` from a file: the host takes fd over, whatever is returned, and serves ranges of it. Ends the call. */
  berth_flow (*file)(const berth_host*, berth_call, int fd, const berth_head*);
  /* A `download` in pieces, or an `http` answer: says once, before the first chunk, what is coming. */
  berth_flow (*begin)(const berth_host*, berth_call, const berth_head*);
  /* An event of a `stream`, a piece of a `download` or of an `http` answer, a message of a `socket`. */
  berth_flow (*chunk)(const berth_host*, berth_call, const berth_chunk*);
  /* The regular end of a `stream`, of what was begun, or of a `socket` (whose close code this is; 0 means 1000). */
  berth_flow (*finish)(const berth_host*, berth_call, uint32_t code, berth_text reason);
  /* Waits until a full call may be sent to again. For `blocking` operations only: elsewhere it returns at once. */
  berth_flow (*wait)(const berth_host*, berth_call);
  /* 1 once nobody waits for the answer any more. */
  int (*cancelled)(const berth_host*, berth_call);
};

typedef struct berth_plugin {
  uint32_t size;
  uint16_t major, minor;
  berth_text manifest; /* JSON; the same text as NAME.berth.json beside the .so */

  /* config fits the manifest's config schema. NULL means refused. Called once per instance, before anything else. */
  void* (*create)(const berth_host*, berth_text config);
  /* After the last call is answered; when the host ends, also with calls that were cancelled and not answered. No
   * function of the host may be used once it returns. */
  void (*destroy)(void* self);
  /* Starts one call, which may be answered before or after invoke() returns, from any thread. Calls into one instance
   * are serialised unless the operation is `concurrent`. It must not block, unless the operation is `blocking`, which
   * is called on a thread of its own. */
  void (*invoke)(void* self, const berth_request*);
  /* A message from a socket's client. Serialised like invoke(); the next one is delivered after it returns. */
  void (*message)(void* self, berth_call, const berth_chunk*);
  /* A full call may be sent to again. Serialised like invoke(); must not block. */
  void (*drained)(void* self, berth_call);
  /* Nobody waits for this call any more. May run beside other calls into the instance; must not block. The plugin still
   * ends the call with send, fail, file or finish, whose content is thrown away. */
  void (*cancel)(void* self, berth_call);
  /* A service that the plugin lends to the host, such as "berth.health/1"; NULL if it has none. Any thread. */
  const void* (*service)(void* self, berth_text id);
} berth_plugin;

/* The one symbol that a plugin exports: BERTH_EXPORT const berth_plugin *berth_plugin_entry(void); */
typedef const berth_plugin* (*berth_plugin_entry_fn)(void);
#define BERTH_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
}
#endif
#endif

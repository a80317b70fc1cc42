/* A plugin of another minor version of the ABI, chosen when it is compiled. NEWER: every struct that it gives has
 * fields at its end that no host of today knows. OLDER: its structs end where the first ones of this major did, and
 * what lies behind them is a trap. It answers what it sees of the host. */
#include <berth/abi.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }
#ifdef NEWER
#define MINOR (BERTH_ABI_MINOR + 7)
#define MANIFEST_ABI "1.7"
#else
#define MINOR 0
#define MANIFEST_ABI "1.0"
#endif
#define OPERATION(name, path, kind)                                                                            \
  "{\"name\":\"" NAME "." name "\",\"summary\":\"Of another minor\",\"method\":\"GET\",\"path\":\"/" NAME path \
  "\","                                                                                                        \
  "\"kind\":\"" kind                                                                                           \
  "\",\"scope\":\"read\",\"concurrent\":true,"                                                                 \
  "\"input\":{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}}"

static const char manifest[] =
    "{\"berth\":{\"abi\":\"" MANIFEST_ABI "\"},\"name\":\"" NAME
    "\",\"version\":\"1\",\"summary\":\"Of another minor\",\"operations\":[" OPERATION(
        "sees", "", "call") "," OPERATION("fails", "/fails", "call") "," OPERATION("page", "/page", "download") "]}\n";

/* What a later version might add. */
struct later_failure {
  berth_failure known;
  berth_text cause;
};
struct later_chunk {
  berth_chunk known;
  uint64_t deadline;
};
struct later_head {
  berth_head known;
  berth_text language;
};
struct later_plugin {
  berth_plugin known;
  void (*tomorrow)(void* self);
};

struct epoch {
  const berth_host* host;
  int tomorrow; /* the host lends what no host has yet */
};

static void* create(const berth_host* host, berth_text config) {
  const berth_text id = TEXT("berth.tomorrow/1");
  struct epoch* self = malloc(sizeof *self);
  (void)config;
  if (!self) return NULL;
  self->host = host;
  self->tomorrow = host->service(host, id) != NULL;
  return self;
}
static void destroy(void* self) { free(self); }

static void see(const struct epoch* self, const berth_request* request) {
  char words[200];
  /* A plugin looks at the size before it takes a field that a host may not have. */
  const int behind = self->host->size > offsetof(berth_host, cancelled) + sizeof self->host->cancelled;
  const int used = snprintf(
      words, sizeof words, "{\"minor\":%u,\"host\":\"%u.%u\",\"more\":%s,\"tomorrow\":%s,\"whole_request\":%s}",
      (unsigned)MINOR, (unsigned)self->host->major, (unsigned)self->host->minor, behind ? "true" : "false",
      self->tomorrow ? "true" : "false", request->size >= sizeof *request ? "true" : "false");
  const berth_text json = {words, (size_t)used};
  self->host->send(self->host, request->call, json);
}

static void fail(const struct epoch* self, const berth_request* request) {
  struct later_failure why;
  memset(&why, 0xff, sizeof why); /* nobody may follow a pointer that he does not know */
  const berth_failure known = {sizeof known, 418, TEXT("teapot"), TEXT("it is a teapot"), TEXT("ask for tea")};
  why.known = known;
#ifdef NEWER
  why.known.size = sizeof why;
#endif
  self->host->fail(self->host, request->call, &why.known);
}

static void page(const struct epoch* self, const berth_request* request) {
  static const berth_text type = TEXT("text/html"), words = TEXT("<p>one</p>"), end = {NULL, 0};
  struct later_head head;
  struct later_chunk chunk;
  memset(&head, 0xff, sizeof head);
  memset(&chunk, 0xff, sizeof chunk);
  head.known.type = type;
  head.known.name = head.known.etag = end;
  chunk.known.binary = 1;
  chunk.known.bytes = words;
  chunk.known.event = chunk.known.id = end;
  chunk.known.size = sizeof chunk.known;
#ifdef NEWER
  head.known.page = 1;
  head.known.status = head.known.whole = 0;
  head.known.fields = end;
  head.known.size = sizeof head;
  chunk.known.size = sizeof chunk;
#else
  head.known.page = 1; /* not there, says the size: who reads it lets scripts run that nobody asked for */
  head.known.size = offsetof(berth_head, page);
#endif
  self->host->begin(self->host, request->call, &head.known);
  self->host->chunk(self->host, request->call, &chunk.known);
  self->host->finish(self->host, request->call, 0, end);
}

static void invoke(void* self, const berth_request* request) {
  if (request->operation == 0) see(self, request);
  if (request->operation == 1) fail(self, request);
  if (request->operation == 2) page(self, request);
}
static void message(void* self, berth_call call, const berth_chunk* chunk) { (void)self, (void)call, (void)chunk; }
static void drained(void* self, berth_call call) { (void)self, (void)call; }
static void cancel(void* self, berth_call call) { (void)self, (void)call; }
static const void* service(void* self, berth_text id) {
  (void)self, (void)id;
  return NULL;
}
static void tomorrow(void* self) {
  (void)self;
  abort(); /* a host of today that calls this reads what it does not know */
}

BERTH_EXPORT const berth_plugin* berth_plugin_entry(void) {
  static struct later_plugin plugin = {
      {0, BERTH_ABI_MAJOR, MINOR, TEXT(manifest), create, destroy, invoke, message, drained, cancel, service},
      tomorrow};
#ifdef NEWER
  plugin.known.size = sizeof plugin;
#else
  plugin.known.size = offsetof(berth_plugin, service) + sizeof plugin.known.service;
#endif
  return &plugin.known;
}

/* A plugin in plain C11, against abi.h alone: POST /echo_c answers {"echo": INPUT, "session": "…"}. */
#include <berth/abi.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

static const char manifest[] =
    "{\"berth\":{\"abi\":\"1.0\"},\"name\":\"echo_c\",\"version\":\"1.0.0\",\"summary\":\"Echoes, in "
    "C\",\"operations\":[{"
    "\"name\":\"echo_c.echo\",\"summary\":\"The input "
    "back\",\"method\":\"POST\",\"path\":\"/echo_c\",\"kind\":\"call\","
    "\"scope\":\"run\",\"concurrent\":true,\"input\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":"
    "\"string\","
    "\"description\":\"What comes "
    "back\",\"maxLength\":10000}},\"required\":[\"text\"],\"additionalProperties\":false}}]}\n";

struct echo {
  const berth_host* host;
};

static void* create(const berth_host* host, berth_text config) {
  (void)config;
  struct echo* self = malloc(sizeof *self);
  if (!self) {
    const berth_failure why = {sizeof why, 500, TEXT("no_memory"), TEXT("there is no memory for the instance"),
                               TEXT("")};
    host->refuse(host, &why);
    return NULL;
  }
  self->host = host;
  return self;
}

static void destroy(void* self) { free(self); }

static char* append(char* at, const char* bytes, size_t size) {
  memcpy(at, bytes, size);
  return at + size;
}

static void invoke(void* self, const berth_request* request) {
  static const char before[] = "{\"echo\":", between[] = ",\"session\":\"", after[] = "\"}";
  const berth_host* host = ((struct echo*)self)->host;
  char* answer = malloc(sizeof before + sizeof between + sizeof after + request->input.size + request->session.size);
  if (!answer) {
    const berth_failure why = {sizeof why, 503, TEXT("no_memory"), TEXT("there is no memory for the answer"),
                               TEXT("try again")};
    host->fail(host, request->call, &why);
    return;
  }
  char* end =
      append(answer, before, sizeof before - 1); /* the input is JSON already, and a session's id needs no escapes */
  end = append(end, request->input.data, request->input.size);
  end = append(end, between, sizeof between - 1);
  end = append(end, request->session.data, request->session.size);
  end = append(end, after, sizeof after - 1);
  const berth_text json = {answer, (size_t)(end - answer)};
  host->send(host, request->call, json);
  free(answer);
}

static void message(void* self, berth_call call, const berth_chunk* chunk) { (void)self, (void)call, (void)chunk; }
static void drained(void* self, berth_call call) { (void)self, (void)call; }
static void cancel(void* self, berth_call call) { (void)self, (void)call; }
static const void* service(void* self, berth_text id) {
  (void)self, (void)id;
  return NULL;
}

BERTH_EXPORT const berth_plugin* berth_plugin_entry(void) {
  static const berth_plugin plugin = {sizeof plugin, BERTH_ABI_MAJOR, BERTH_ABI_MINOR, TEXT(manifest), create, destroy,
                                      invoke,        message,         drained,         cancel,         service};
  return &plugin;
}

/* A plugin whose shape is chosen when it is compiled: one that works, another that does, and those that must not take
 * their place. In C, because there are many of them and C compiles at once. */
#include <berth/abi.h>
#include <berth/service/health.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }
#define INPUT "\"input\":{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}"
#ifdef CLASHING
#define PATH "/clock/now"
#else
#define PATH "/changeling"
#endif

static const char manifest[] =
    "{\"berth\":{\"abi\":\"1.0\"},\"name\":\"changeling\",\"version\":\"" SHAPE
    "\",\"summary\":\"One of many shapes\",\"operations\":["
    "{\"name\":\"changeling.shape\",\"summary\":\"Which one this is\",\"method\":\"GET\",\"path\":\"" PATH
    "\",\"kind\":\"call\",\"scope\":\"read\",\"concurrent\":true,\"smoke\":{}," INPUT
    "},"
    "{\"name\":\"changeling.late\",\"summary\":\"The same, after a second\",\"method\":\"GET\","
    "\"path\":\"/changeling/late\",\"kind\":\"call\",\"scope\":\"read\",\"blocking\":true,\"concurrent\":true," INPUT
    "},"
    "{\"name\":\"changeling.tell\",\"summary\":\"The same, and again for each message of a talk until 'enough'\","
    "\"method\":\"GET\",\"path\":\"/changeling/tell\",\"kind\":\"stream\",\"scope\":\"read\",\"concurrent\":true," INPUT
    "},"
    "{\"name\":\"changeling.talk\",\"summary\":\"The same, for each message\",\"method\":\"GET\","
    "\"path\":\"/changeling/talk\",\"kind\":\"socket\",\"scope\":\"read\",\"concurrent\":true," INPUT
    "}"
#ifdef TWO
    ",{\"name\":\"changeling.more\",\"summary\":\"What one has not\",\"method\":\"GET\",\"path\":\"/changeling/more\","
    "\"kind\":\"call\",\"scope\":\"read\",\"concurrent\":true," INPUT
    "}"
#endif
    "]"
#ifdef PICKY
    ",\"config\":{\"type\":\"object\",\"properties\":{\"taste\":{\"type\":\"string\"}},\"required\":[\"taste\"],"
    "\"additionalProperties\":false}"
#endif
    "}\n";

enum { late = 1, tell = 2, talk = 3 };
struct changeling {
  const berth_host* host;
  _Atomic berth_call talking, telling; /* the last socket and stream; those of a scenario come one after the other */
};

static void nap(long ms) {
  const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static void* create(const berth_host* host, berth_text config) {
  (void)config;
#if defined REFUSING
  const berth_failure why = {sizeof why, 500, TEXT("no_mood"), TEXT("not in the mood"), TEXT("ask again later")};
  host->refuse(host, &why);
  return NULL;
#elif defined DYING
  _exit(3);
#elif defined SLOW
  nap(60000);
#endif
  struct changeling* self = malloc(sizeof *self);
  if (!self) return NULL;
  self->host = host;
  self->talking = self->telling = 0;
  return self;
}

static void destroy(void* self) { free(self); }

static void say(const berth_host* host, berth_call call) {
  const berth_chunk shape = {sizeof shape, 0, TEXT("{\"shape\":\"" SHAPE "\"}"), TEXT("shape"), TEXT("")};
  if (call) host->chunk(host, call, &shape);
}

static void end(const berth_host* host, berth_call call) {
  if (call) host->finish(host, call, 0, (berth_text)TEXT(""));
}

static void invoke(void* self, const berth_request* request) {
  struct changeling* me = self;
  const berth_host* host = me->host;
  const berth_text answer = TEXT("{\"shape\":\"" SHAPE "\"}");
#if defined FAILING
  const berth_failure why = {sizeof why, 500, TEXT("no_idea"), TEXT("it does not know itself"), TEXT("")};
  host->fail(host, request->call, &why);
  return;
#elif defined SILENT
  return;
#endif
  if (request->operation == talk) {
    me->talking = request->call;
    return;
  }
  if (request->operation == tell) {
    me->telling = request->call;
    say(host, request->call);
    return;
  }
  if (request->operation == late) nap(1000);
  host->send(host, request->call, answer);
}

static void message(void* self, berth_call call, const berth_chunk* chunk) {
  static const char enough[] = "enough";
  struct changeling* me = self;
  const size_t size = sizeof enough - 1;
  const berth_call telling = me->telling;
  if (chunk->bytes.size != size || memcmp(chunk->bytes.data, enough, size) != 0) {
    say(me->host, telling);
  } else {
    me->telling = 0;
    end(me->host, telling);
  }
  say(me->host, call);
}
static void drained(void* self, berth_call call) { (void)self, (void)call; }
static void cancel(void* self, berth_call call) {
  struct changeling* me = self;
  if (call == me->talking || call == me->telling) end(me->host, call);
}

static int check(void* self, char* why, size_t room, size_t* used) {
  (void)self;
#ifdef AILING
  static const char words[] = "a cold";
  *used = sizeof words - 1 < room ? sizeof words - 1 : room;
  memcpy(why, words, *used);
  return 0;
#else
  (void)why, (void)room, (void)used;
  return 1;
#endif
}

static const void* service(void* self, berth_text id) {
  static const berth_health health = {sizeof health, check};
  (void)self;
  return id.size == sizeof BERTH_HEALTH - 1 && memcmp(id.data, BERTH_HEALTH, id.size) == 0 ? &health : NULL;
}

BERTH_EXPORT const berth_plugin* berth_plugin_entry(void) {
  static const berth_plugin plugin = {sizeof plugin, BERTH_ABI_MAJOR, BERTH_ABI_MINOR, TEXT(manifest), create, destroy,
                                      invoke,        message,         drained,         cancel,         service};
  return &plugin;
}

/* berth.events/1 — lent by the host: what happens, for whoever wants to know. To be declared and granted.
 * A topic is words joined by dots, "shelf.added"; a plugin publishes under its own name only. What is published is kept
 * for a while, so that whoever comes later, or was away, may hear it again. Clients hear it at GET /events. */
#ifndef BERTH_SERVICE_EVENTS_H
#define BERTH_SERVICE_EVENTS_H
#include <berth/abi.h>

#define BERTH_EVENTS "berth.events/1"
#define BERTH_EVENTS_NEW UINT64_MAX /* only what comes from now on */
#define BERTH_EVENTS_KEPT 0u        /* all that is still kept, first */

typedef struct berth_event {
  uint32_t size;
  uint32_t reserved;
  uint64_t id;        /* rises; never used twice, not even after a restart of the host */
  berth_text topic;   /* "events.lost" tells how many were lost because they were not taken in time: {"lost": 3} */
  berth_text session; /* whose it is; empty: of the host, for everybody */
  berth_text data;    /* JSON */
} berth_event;

typedef struct berth_events {
  uint32_t size;
  /* Any thread; never blocks. `topic` begins with the plugin's name and a dot, has at most 200 bytes of a-z 0-9 _ and
   * dots; `data` is JSON of at most 64 KiB. With a session it is for those who may see that session, without one for
   * everybody. BERTH_WRONG: not taken, for one of these reasons. BERTH_OK: on its way, and no more than that. What
   * comes faster than 1000 a second or 16 MiB a second for long (after 5000 or 64 MiB at once) is dropped, here
   * or where it arrives, maybe in another process and later; so the log says it, and this answer does not. */
  berth_flow (*publish)(const berth_host*, berth_text topic, berth_text session, berth_text data);
  /* From now on heard() is called with each event whose topic fits one of `topics`, parted by blanks, where '*' stands
   * for anything: "plugin.* job.*". `after` is the id of the last event that is known, or one of the two above.
   * heard() is serialised like invoke(); it must not block; what it is given is valid until it returns; it is not
   * called any more once destroy() has begun. `with` is the plugin's. Any thread. The subscription's number, or 0: too
   * many (64), or no such topics. */
  uint64_t (*subscribe)(const berth_host*, berth_text topics, uint64_t after,
                        void (*heard)(void* with, uint64_t subscription, const berth_event*), void* with);
  /* Any thread. From a serialised call: heard() is not called any more. From elsewhere: one may still be under way. */
  void (*unsubscribe)(const berth_host*, uint64_t subscription);
} berth_events;
#endif

// berth.events/1, on the plugin's side: which function hears which subscription.
#pragma once

#include <berth/service/events.h>

#include <cstdint>
#include <map>
#include <mutex>

#include "loader/services/event_gate.hpp"
#include "loader/services/note.hpp"

namespace berth::loader {

class Lent;

class EventsLent {
 public:
  explicit EventsLent(const Lent& lent);

  berth_flow publish(berth_text topic, berth_text session, berth_text data);
  using Heard = void (*)(void* with, std::uint64_t subscription, const berth_event*);
  std::uint64_t subscribe(berth_text topics, std::uint64_t after, Heard heard, void* with);
  void unsubscribe(std::uint64_t subscription);
  void hear(Note note);  // I/O thread

 private:
  struct Subscription {
    Heard heard = nullptr;
    void* with = nullptr;
    std::uint64_t unsaid = 0;  // events that it has heard, and the host was not told so
  };
  void deliver(const Note& note);

  const Lent& m_lent;
  std::mutex m_mutex;  // guards what follows
  EventGate m_gate;
  std::map<std::uint64_t, Subscription> m_subscriptions;
  std::uint64_t m_last = 0;
};

}  // namespace berth::loader

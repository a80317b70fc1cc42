// One plugin's part of the host's events: what it publishes, under its own name, and its subscriptions, each with a
// window of events that it has not taken yet.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "loader/desk/budget.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/note.hpp"
#include "service/event_bus.hpp"
#include "service/log.hpp"

namespace berth::loader {

class EventsDesk {
 public:
  EventsDesk(service::EventBus& bus, service::Log& log, std::string plugin, std::function<void(Note)> tell)
      : m_bus(bus), m_log(log), m_plugin(std::move(plugin)), m_tell(std::move(tell)) {}

  void publish(Note note);
  void subscribe(const Note& note);
  void unsubscribe(const Note& note) { m_subscriptions.erase(note.number); }
  void heard(const Note& note);
  void reset() { m_subscriptions.clear(); }

 private:
  struct Subscription {
    std::shared_ptr<service::EventBus::Listener> listener;
    std::uint64_t under_way = 0;
  };
  bool affords(std::size_t bytes);
  void pump(std::uint64_t number);
  void give(std::uint64_t number, const service::Event& event) const;

  service::EventBus& m_bus;
  service::Log& m_log;
  const std::string m_plugin;
  const std::function<void(Note)> m_tell;
  std::map<std::uint64_t, Subscription> m_subscriptions;
  Budget m_count{events_at_once, events_a_second}, m_bytes{event_bytes_at_once, event_bytes_a_second};
  std::int64_t m_dropped = 0;  // that the log has not told of
  Budget m_told{1, 1};
};

}  // namespace berth::loader

// One plugin's part of the host's events: what it publishes, under its own name, and its subscriptions, each with a
// window of events that it has not taken yet.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "loader/services/event_gate.hpp"
#include "loader/services/note.hpp"
#include "service/event_bus.hpp"
#include "service/log.hpp"

namespace berth::loader {

class EventsDesk {
 public:
  EventsDesk(service::EventBus& bus, service::Log& log, const std::string& plugin, std::function<void(Note)> tell)
      : m_bus(bus), m_plugin(plugin), m_tell(std::move(tell)), m_gate(log, plugin) {}

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
  void pump(std::uint64_t number);
  void give(std::uint64_t number, const service::Event& event) const;

  service::EventBus& m_bus;
  const std::string m_plugin;
  const std::function<void(Note)> m_tell;
  std::map<std::uint64_t, Subscription> m_subscriptions;
  EventGate m_gate;
};

}  // namespace berth::loader

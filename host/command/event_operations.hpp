// GET /events: what happens, as it happens, for clients.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

#include "command/own_operations.hpp"
#include "service/event_bus.hpp"

namespace berth::command {

class EventOperations : public OwnOperations {
 public:
  explicit EventOperations(service::EventBus& events);

  void drained(std::shared_ptr<loader::Reply> reply) override;
  void cancel(std::shared_ptr<loader::Reply> reply) override;
  std::size_t open_calls() const override { return m_open.size(); }
  void end();  // of all that listen: their clients would wait for ever

 private:
  struct Open {
    std::shared_ptr<loader::Reply> reply;
    std::shared_ptr<service::EventBus::Listener> listener;
    bool full = false;
  };
  void listen(const Pointer& reply);
  void pump(std::uint64_t ticket);

  service::EventBus& m_events;
  std::unordered_map<std::uint64_t, Open> m_open;
  std::uint64_t m_last = 0;
};

}  // namespace berth::command

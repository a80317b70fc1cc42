// GET /events: what happens, as it happens, for clients.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

#include "loader/provider.hpp"
#include "service/event_bus.hpp"

namespace berth::command {

class EventOperations : public loader::Provider {
 public:
  explicit EventOperations(service::EventBus& events);

  const loader::Manifest& manifest() const override { return m_manifest; }
  void invoke(std::shared_ptr<loader::Reply> reply) override;
  void message(std::shared_ptr<loader::Reply>, loader::Chunk, std::function<void()> done) override { done(); }
  void drained(std::shared_ptr<loader::Reply> reply) override;
  void cancel(std::shared_ptr<loader::Reply> reply) override;
  std::optional<std::string> ailment() override { return std::nullopt; }
  std::size_t open_calls() const override { return m_open.size(); }

 private:
  struct Open {
    std::shared_ptr<loader::Reply> reply;
    std::shared_ptr<service::EventBus::Listener> listener;
    bool full = false;
  };
  void pump(std::uint64_t ticket);

  service::EventBus& m_events;
  loader::Manifest m_manifest;
  std::unordered_map<std::uint64_t, Open> m_open;
  std::uint64_t m_last = 0;
};

}  // namespace berth::command

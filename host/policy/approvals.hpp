// Calls that wait until somebody says yes or no. They are parked as long as their clients wait, and no longer than the
// policy said. I/O thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/clock.hpp"
#include "service/error.hpp"
#include "service/event_bus.hpp"
#include "service/event_loop.hpp"

namespace berth::policy {

struct Approval {
  std::string id;  // made here
  std::string operation, scope, session, caller, input, policy, where, reason;
  service::Clock::WallMoment asked{}, until{};
};

class Approvals {
 public:
  static constexpr std::size_t most = 1000, most_of_session = 100;
  static constexpr std::size_t most_bytes = 64u << 20;  // of their inputs
  // Null: yes; otherwise why not.
  using Heard = std::function<void(std::optional<service::Error>)>;
  Approvals(service::EventLoop& loop, const service::Clock& clock, service::EventBus& events)
      : m_loop(loop), m_clock(clock), m_events(events) {}

  // `ticket` is for forget().
  void park(std::uint64_t ticket, Approval about, std::chrono::seconds longest, Heard heard);
  std::optional<service::Error> answer(const std::string& id, bool yes, const std::string& reason,
                                       const std::string& by);
  void forget(std::uint64_t ticket);
  std::vector<const Approval*> all() const;  // the oldest first
  const Approval* find(const std::string& id) const;
  void end() { m_parked.clear(); }

 private:
  struct Parked {
    Approval about;
    Heard heard;
    std::unique_ptr<boost::asio::steady_timer> timer;
  };
  using Place = std::map<std::uint64_t, Parked>::iterator;
  void publish(const char* what, const Approval& about, const std::string& reason, const std::string& by);
  void close(Place at, const char* what, const std::string& reason, const std::string& by,
             std::optional<service::Error> error);
  Place place_of(const std::string& id);
  bool is_full(const Approval& about) const;

  service::EventLoop& m_loop;
  const service::Clock& m_clock;
  service::EventBus& m_events;
  std::map<std::uint64_t, Parked> m_parked;  // by ticket
};

}  // namespace berth::policy

// How sessions begin and end, with all that the rooms hold for them: calls, jobs, events, uploads. On the I/O thread;
// disks and jails are dealt with on threads of its own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "edge/commons.hpp"
#include "routing/dispatch.hpp"
#include "service/event_bus.hpp"
#include "service/event_loop.hpp"
#include "service/job_store.hpp"
#include "service/log.hpp"
#include "service/pool.hpp"
#include "service/timers.hpp"
#include "session/sessions.hpp"

namespace berth::command {

class SessionLife {
 public:
  struct Parts {
    session::Sessions& sessions;
    service::EventLoop& loop;
    service::EventBus& events;
    service::JobStore& jobs;
    routing::Dispatcher& dispatcher;
    service::Log& log;
  };
  explicit SessionLife(Parts parts);

  // From here on sessions expire; and what a host that starts has found is told. `commons` outlives end().
  void begin(const session::Sessions::Found& found, edge::Commons& commons);
  void end();  // what is under way comes to its end, and nothing more is begun

  template <class T>
  using Done = std::function<void(service::Result<T>)>;
  void create(session::Wish wish, Done<session::Sessions::Created> done);
  void turn(const std::string& id, Done<std::uint64_t> done);
  void usage(const std::string& id, Done<session::Usage> done);
  void remove(const std::string& id, std::function<void(std::optional<service::Error>)> done);

  session::Sessions& sessions() { return m_parts.sessions; }

 private:
  template <class Work, class Then>
  void apart(Work work, Then then);
  void publish(const char* what, const std::string& id, const std::string& reason = {});
  void expire();
  void enforce_quotas();
  void tell_limits();
  void publish_limit(const std::string& id, const jail::LimitHit& hit);
  void end_session(const std::string& id, const std::string& why, const char* what,
                   std::function<void(std::optional<service::Error>)> done);

  const Parts m_parts;
  edge::Commons* m_commons = nullptr;
  std::set<std::string> m_measured;  // are being, right now
  bool m_watching = false;           // somebody looks which limits were hit
  service::Timers m_timers;
  service::Pool m_pool;
};

}  // namespace berth::command

// What one plugin instance is lent: the state behind its services' tables, and the way between them and the desk. Lives
// in the host side of that instance, in whichever process that is.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "loader/services/calls.hpp"
#include "loader/services/desk.hpp"
#include "loader/services/events.hpp"
#include "loader/services/hiding.hpp"
#include "loader/services/jobs.hpp"
#include "loader/services/metrics.hpp"
#include "loader/services/workspaces.hpp"
#include "service/event_loop.hpp"
#include "service/log.hpp"
#include "service/mask.hpp"
#include "service/secret.hpp"

namespace berth::loader {

class HostSide;
class Local;

// What whoever loads a plugin lends it.
struct Lending {
  std::set<std::string> services = {"berth.log/1", "berth.config/1"};  // ids
  std::shared_ptr<Desk> desk = {};                                     // null: nothing that crosses is lent
  std::shared_ptr<const service::SecretSet> secrets = {};
  std::string state_folder = {};       // of the plugin's own; made when it is first used
  service::EventLoop* loop = nullptr;  // for services that wait for time or descriptors
  std::uint64_t state_limit = 0;       // bytes that the folder may hold; 0: any
};

class Lent {
 public:
  struct Place {
    HostSide& side;
    service::Loop& loop;
    service::Log& log;
    std::string plugin;
    // Runs something that calls into the plugin: serialised with its other calls, on the I/O thread; never, if the
    // instance has gone meanwhile. I/O thread.
    std::function<void(std::function<void()>)> enter;
    // The same beside its other calls, as if it were a `concurrent` one.
    std::function<void(std::function<void()>)> enter_beside;
    // Whether this thread is in create(), for whose end waits what either of these runs. Any thread.
    std::function<bool()> creating;
  };
  Lent(Place place, Lending lending, std::string config);
  ~Lent();
  Lent(const Lent&) = delete;

  const void* service(std::string_view id) const;  // any thread
  void hear(Note note);                            // from the desk; I/O thread

  Local* local() const { return m_local.get(); }  // null: there is no loop to wait on
  void rest();                                    // before destroy(): nothing that waits here calls the plugin any more
  void leave();                                   // after it: what is said here is carried out no more

  const Place& place() const { return m_place; }
  const Lending& lending() const { return m_lending; }
  const std::string& config() const { return m_config; }
  // Without what it is lent of secrets. Any thread.
  std::string masked(std::string text) const { return m_mask(std::move(text)); }
  std::string masked_json(std::string json) const { return hide_in_json(std::move(json), m_mask); }
  void say(Note note, std::shared_ptr<Reply> call = {}) const;  // any thread

  EventsLent& events() { return m_events; }
  MetricsLent& metrics() { return m_metrics; }
  JobsLent& jobs() { return m_jobs; }
  CallsLent& calls() { return m_calls; }
  WorkspacesLent& workspaces() { return m_workspaces; }

 private:
  const Place m_place;
  const Lending m_lending;
  const std::string m_config;
  const service::Mask m_mask;
  EventsLent m_events;
  MetricsLent m_metrics;
  JobsLent m_jobs;
  CallsLent m_calls;
  WorkspacesLent m_workspaces;
  const std::unique_ptr<Local> m_local;
  std::atomic<bool> m_left{false};
};

}  // namespace berth::loader

// The host put together: every room's objects, each with one owner, in the order in which they need each other.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "command/config.hpp"
#include "command/session_life.hpp"
#include "command/ways_out.hpp"
#include "edge/commons.hpp"
#include "service/event_loop.hpp"
#include "edge/server.hpp"
#include "jail/jails.hpp"
#include "loader/registry.hpp"
#include "policy/engine.hpp"
#include "policy/rules.hpp"
#include "routing/dispatch.hpp"
#include "routing/plugin_calls.hpp"
#include "service/audit.hpp"
#include "service/clock.hpp"
#include "service/event_bus.hpp"
#include "service/job_store.hpp"
#include "service/log.hpp"
#include "service/metrics.hpp"
#include "service/plugin_metrics.hpp"
#include "service/pool.hpp"
#include "session/sessions.hpp"
#include "session/tokens.hpp"

namespace berth::command {

class EventOperations;

class Host {
 public:
  struct Parts {
    Config config;
    std::string state;  // directory
    std::string token_file;
    std::vector<std::string> own_plugin_folders;  // of the plugins that come with the host
    bool safe = false;                            // with those alone
    std::unique_ptr<service::Audit> audit;
    const service::Clock* clock = nullptr;  // a test's; otherwise the system's
    int log_fd = 2;
    std::string program = "/proc/self/exe";  // that has `policy-host`
  };
  static std::string version() { return BERTH_VERSION; }

  explicit Host(Parts parts);
  ~Host();

  // Tokens, plugins, the table, the listeners. On the thread that will run().
  std::optional<service::Error> open();
  void run();  // until drained
  void drain();
  void apply(Config config);                       // what can change while it runs, soon; or nothing
  void not_applied(const std::string& why) const;  // a line in the log
  void on_applied(std::function<void()> heard) { m_applied = std::move(heard); }  // once plugins have followed
  bool auth() const { return m_commons->options.auth; }                           // are tokens asked for?
  bool new_token() const { return m_new_token; }

  bool draining() const { return m_commons->draining; }
  loader::Registry& registry() { return m_registry; }
  jail::Jails& jails() { return *m_jails; }  // after open()
  routing::Dispatcher& dispatcher() { return m_dispatcher; }
  loader::Caller& calls() { return m_calls; }
  service::Metrics& metrics() { return m_metrics; }
  std::string metrics_text() { return m_metrics.text() + m_plugin_metrics.text(); }
  service::Log& log() { return m_log; }
  service::EventBus& events() { return m_events; }
  service::JobStore& jobs() { return m_jobs; }
  service::EventLoop& loop() { return m_loop; }
  edge::Server& server() { return *m_server; }
  nlohmann::json status() const;
  std::uint64_t audit_lost() const;
  policy::Rules& rules() { return m_rules; }
  policy::Engine& policies() { return m_engine; }
  session::Sessions& sessions() { return m_sessions; }

 private:
  void doubt_rules(const std::vector<policy::Rule>& rules);
  loader::Choice choice_of(const Config& config) const;
  std::optional<service::Error> adopt(const loader::Registry::Providers& plugins);
  std::optional<service::Error> find_isolation();
  void warn_of_open_door(const std::vector<edge::Listen>& listens);
  std::optional<service::Error> find_sessions();
  std::optional<service::Error> begin_policies();
  std::optional<service::Error> apply_rest(const Config& config);  // host_apply.cpp
  void put_policies_back();

  Parts m_parts;
  service::Clock m_system_clock;
  const service::Clock& m_clock;
  const service::Clock::WallMoment m_started;
  std::unique_ptr<service::Log> m_own_log;
  service::Log& m_log;
  service::Metrics m_metrics;
  service::EventLoop m_loop;
  std::unique_ptr<jail::Jails> m_jails;
  WaysOut m_ways_out;
  session::TokenStore m_tokens;
  session::Sessions m_sessions;  // its jails want m_jails
  policy::Rules m_rules;
  routing::Dispatcher m_dispatcher;
  std::vector<std::shared_ptr<loader::Provider>> m_operations;  // the host's own
  std::shared_ptr<EventOperations> m_event_operations;          // one of them
  std::function<void()> m_applied;
  std::unique_ptr<service::Pool> m_pool;  // of plugins
  std::unique_ptr<service::Pool> m_edge_pool;
  std::unique_ptr<service::Pool> m_start_pool;  // of what starts programs for plugins
  service::EventBus m_events;
  service::JobStore m_jobs;
  service::PluginMetrics m_plugin_metrics;
  routing::PluginCalls m_calls;
  policy::Engine m_engine;
  policy::Policies m_policies;  // those that it was last given, and that work
  service::SecretEnvironment m_environment;
  std::unique_ptr<loader::Jailing> m_jailing;
  loader::HostServices m_services;
  loader::Registry m_registry;
  std::unique_ptr<edge::Commons> m_commons;
  SessionLife m_life;
  std::unique_ptr<edge::Server> m_server;
  bool m_new_token = false;
};

}  // namespace berth::command

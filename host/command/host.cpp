// Wires the rooms together; decides nothing itself.
#include "command/host.hpp"

#include <berth/json_text.hpp>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "command/event_operations.hpp"
#include "command/host_operations.hpp"
#include "command/job_operations.hpp"
#include "command/policy_errands.hpp"
#include "command/policy_operations.hpp"
#include "command/session_operations.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;

namespace {

// Who waits for a program holds a thread of the plugins' pool, so that what starts it needs others. So many jails can
// open, start or end something at once; a start takes a thread for the milliseconds until the program runs.
constexpr std::uint32_t start_threads = 8;

// For disk and gzip work of the edge and the host's own, which must not wait for operations that hold their threads for
// hours.
constexpr std::uint32_t edge_threads = 4;

edge::Options edge_options(const Config& config, const std::string& state) {
  edge::Options options = config.edge;
  options.upload_directory = state + "/uploads";
  return options;
}

// A file of everybody's is a token of everybody's. No refusal: mounted secrets are often so, in a machine of one's own.
void warn_of_readers(const std::string& token_file, service::Log& log) {
  struct stat found {};
  if (::stat(token_file.c_str(), &found) != 0 || (found.st_mode & S_IRWXO) == 0) return;
  log.write(service::Level::warn, "host", "everybody on this machine can read the token",
            {{"file", token_file}, {"hint", "chmod 600 " + token_file}});
}

// Thousands of connections need as many descriptors; what the system allows is ours to take.
void raise_file_limit() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

loader::ProcessRules with_limits(loader::ProcessRules rules, const Config& config) {
  rules.stream_buffer = config.edge.limits.stream_buffer;
  rules.threads = config.edge.limits.threads;
  return rules;
}

// "plugin.died" and the like, which are the whole host's and for no token of one session.
auto announcer(service::EventBus& events) {
  return [&events](std::string_view what, const std::string& plugin, const std::string& why) {
    json data{{"plugin", plugin}};
    if (!why.empty()) data["reason"] = why;
    events.publish({0, "plugin." + std::string(what), {}, json_text(data), true});
  };
}

std::map<std::string, loader::Wish> wishes_of(const Config& config) {
  std::map<std::string, loader::Wish> wishes;
  for (const auto& [name, choice] : config.plugins) {
    wishes[name] = {
        choice.enabled, choice.file,   choice.config, choice.own_process, with_limits(choice.process, config),
        choice.where,   choice.grants, choice.jail,   choice.secrets,     choice.files};
  }
  return wishes;
}

}  // namespace

Host::Host(Parts parts)
    : m_parts(std::move(parts)),
      m_clock(m_parts.clock ? *m_parts.clock : m_system_clock),
      m_started(m_clock.wall()),
      m_own_log(std::make_unique<service::Log>(m_parts.log_fd, m_parts.config.log)),
      m_log(*m_own_log),
      m_ways_out(m_loop, m_log),
      m_tokens({m_parts.state + "/tokens.json", m_parts.config.tokens}, m_clock),
      m_sessions({m_parts.state + "/sessions", m_clock, m_tokens, m_parts.config.sessions}),
      m_rules(m_parts.config.rules, m_clock),
      m_dispatcher({m_rules, *m_parts.audit, m_metrics, m_log, m_clock, m_loop, m_sessions,
                    m_parts.config.edge.limits.calls, m_parts.config.edge.limits.stream_buffer}),
      m_pool(std::make_unique<service::Pool>(service::Pool::Options{m_parts.config.edge.limits.threads, 4096})),
      m_edge_pool(std::make_unique<service::Pool>(service::Pool::Options{edge_threads, 65536})),
      m_start_pool(std::make_unique<service::Pool>(service::Pool::Options{start_threads, 65536})),
      m_events(m_loop, m_clock, m_parts.config.events),
      m_jobs(m_loop, m_clock, m_events, m_parts.config.jobs),
      m_calls(m_dispatcher),
      m_engine({m_loop, m_log, m_clock, m_events, *m_edge_pool, m_parts.program,
                [this](policy::Engine::Errand errand) { run_errand(m_calls, std::move(errand)); },
                [this](const std::string& operation) { return m_dispatcher.table()->find(operation) != nullptr; },
                [this](const std::string& session) -> std::optional<std::uint64_t> {
                  const auto sight = m_sessions.find(session);
                  return sight ? std::optional(sight->record.turn) : std::nullopt;
                }}),
      m_services{m_loop,           m_log,   m_parts.state + "/data", m_events, m_plugin_metrics,
                 m_jobs,           m_calls, m_environment,           nullptr,  &m_sessions,
                 m_edge_pool.get()},
      m_registry(
          {m_loop, *m_pool, m_log},
          {m_loop, m_log, m_clock, "/proc/self/exe", announcer(m_events),
           [this](const std::function<void()>& work) { m_edge_pool->run(work); }},
          m_parts.state + "/plugins", [this](const loader::Registry::Providers& plugins) { return adopt(plugins); },
          &m_services),
      m_commons(std::make_unique<edge::Commons>(m_loop, m_clock, m_log, *m_edge_pool, m_metrics, m_tokens, m_dispatcher,
                                                edge_options(m_parts.config, m_parts.state))),
      m_life({m_sessions, m_loop, m_events, m_jobs, m_dispatcher, m_log}) {
  m_commons->log_requests = m_parts.config.log_requests;
  m_event_operations = std::make_shared<EventOperations>(m_events);
  m_operations = {std::make_shared<HostOperations>(*this), m_event_operations, std::make_shared<JobOperations>(m_jobs),
                  std::make_shared<SessionOperations>(m_life), std::make_shared<PolicyOperations>(m_engine)};
  m_dispatcher.judged_by(m_engine);
  auto& seats = m_metrics.gauge("berth_sessions", "Sessions, main among them.");
  m_metrics.on_read([this, &seats] { seats.set(static_cast<std::int64_t>(m_sessions.count())); });
}

// Connections end first, then the threads, then the plugins, so that nobody calls into what is gone.
Host::~Host() {
  m_server.reset();
  m_commons->streams.cancel_all();
  m_engine.end();
  m_registry.end();
  m_life.end();
  m_pool->end();
  m_start_pool->end();
  m_edge_pool->end();
  m_registry.clear();
  m_ways_out.end();
  adopt({});
  // What was cancelled still holds its connection until its handler has run, and a connection needs what goes next.
  m_loop.context().restart();
  while (m_loop.context().poll() > 0) {
  }
  m_registry.outlive(m_own_log);
}

std::optional<Error> Host::open() {
  m_loop.adopt();
  raise_file_limit();
  for (const auto& [name, choice] : m_parts.config.plugins) m_environment.take(choice.secrets);
  if (auto error = service::make_directory(m_parts.state)) return error;
  if (auto error = service::make_directory(m_commons->options.upload_directory)) return error;
  if (auto error = find_isolation()) return error;
  if (auto error = find_sessions()) return error;
  auto made = m_tokens.ensure_root(m_parts.token_file);
  if (!made) return made.error();
  m_new_token = *made;
  warn_of_readers(m_parts.token_file, m_log);
  if (auto error = adopt({})) return error;
  if (auto error = begin_policies()) return error;
  m_registry.load(choice_of(m_parts.config));
  doubt_rules(m_parts.config.rules);
  m_server = std::make_unique<edge::Server>(*m_commons);
  if (auto error = m_server->listen()) return error;
  m_server->start();
  warn_of_open_door(m_parts.config.edge.listens);
  return std::nullopt;
}

loader::Choice Host::choice_of(const Config& config) const {
  return {config.plugin_folders, m_parts.own_plugin_folders,
          wishes_of(config),     with_limits({}, config),
          config.only_listed,    m_parts.safe,
          config.trust,          config.leave_time};
}

// Before anything else is made: with less than the operator demands there is to be no host.
std::optional<Error> Host::find_isolation() {
  auto jails = jail::Jails::make({m_parts.state + "/jails"});
  if (!jails) return jails.error();
  m_jails = std::move(*jails);
  m_jailing = std::make_unique<loader::Jailing>(
      loader::Jailing{m_loop, *m_start_pool, *m_jails, m_sessions,
                      [this](const std::string& whose, int listener, service::proxy::AllowList allow) {
                        return m_ways_out.open(whose, listener, std::move(allow));
                      }});
  m_services.jailing = m_jailing.get();
  if (m_jails->cleared() > 0)
    m_log.write(service::Level::warn, "jail", "control groups of a host that was killed were cleared",
                {{"groups", static_cast<std::int64_t>(m_jails->cleared())}});
  return m_jails->isolation().lacking(m_parts.config.jail_require);
}

std::optional<Error> Host::find_sessions() {
  m_sessions.lend([this](const std::string& session, int listener, service::proxy::AllowList allow) {
    return m_ways_out.open(session, listener, std::move(allow));
  });
  const auto found = m_sessions.open(*m_jails);
  if (!found) return found.error();
  m_life.begin(*found, *m_commons);
  return std::nullopt;
}

// Before anybody can call: with policies that do not work there is to be no host.
std::optional<Error> Host::begin_policies() {
  constexpr std::chrono::seconds patience{10};
  if (auto error = m_engine.open(m_parts.state + "/policies")) return error;
  const auto wrong = std::make_shared<std::optional<std::optional<Error>>>();
  m_engine.replace(m_parts.config.policies, [wrong](std::optional<Error> error) { wrong->emplace(std::move(error)); });
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!*wrong && m_loop.context().run_one_until(until) > 0) {
  }
  m_loop.context().restart();
  m_policies = m_parts.config.policies;
  return wrong->value_or(Error{500, "bad_policy", "the policies are not ready after 10 s"});
}

// Calls that have begun end where they are; those that come are led to these.
std::optional<Error> Host::adopt(const loader::Registry::Providers& plugins) {
  loader::Registry::Providers all = m_operations;
  all.insert(all.end(), plugins.begin(), plugins.end());
  auto table = routing::Table::build(all, m_metrics, m_dispatcher.table().get());
  if (!table) return table.error();
  m_dispatcher.swap(std::move(*table));
  m_engine.operations_changed();
  return std::nullopt;
}

// A rule that matches nothing may be a slip of the pen, and a door that stands open.
void Host::doubt_rules(const std::vector<policy::Rule>& rules) {
  const auto& routes = m_dispatcher.table()->routes();
  for (const auto& rule : rules) {
    const auto hit = [&](const auto& route) { return service::matches(rule.match, route->operation.name); };
    if (std::any_of(routes.begin(), routes.end(), hit)) continue;
    m_log.write(service::Level::warn, "host", "a policy matches no operation",
                {{"match", rule.match}, {"where", rule.where}});
  }
}

void Host::run() { m_loop.run(); }

void Host::drain() {
  m_log.write(service::Level::info, "host", "draining",
              {{"calls", static_cast<std::int64_t>(m_dispatcher.in_flight())}});
  m_event_operations->end();  // which nobody else does
  m_server->drain([this] { m_engine.stop([this] { m_loop.context().stop(); }); });
}

}  // namespace berth::command

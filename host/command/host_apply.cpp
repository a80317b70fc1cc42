// What becomes of a host whose configuration is read again: all of what can change while it runs, or nothing.
#include <memory>
#include <utility>

#include "command/host.hpp"
#include "command/restart.hpp"

namespace berth::command {

using service::Error;

// Policies first, which nobody knows to work before they run; then listeners, which open or do not. What comes after
// these cannot fail.
void Host::apply(Config config) {
  const auto wanted = std::make_shared<const Config>(std::move(config));
  m_engine.replace(wanted->policies, [this, wanted](const std::optional<Error>& wrong) {
    if (wrong) return not_applied(wrong->message);
    if (const auto failed = apply_rest(*wanted)) {
      put_policies_back();
      return not_applied(failed->message);
    }
    m_policies = wanted->policies;
  });
}

void Host::not_applied(const std::string& why) const {
  m_log.write(service::Level::error, "host", "the new configuration is not used; the old one stays", {{"reason", why}});
}

void Host::put_policies_back() {
  m_engine.replace(m_policies, [this](const std::optional<Error>& wrong) {
    if (!wrong) return;
    m_log.write(service::Level::error, "host", "the old policies cannot be put back", {{"reason", wrong->message}});
  });
}

void Host::warn_of_open_door(const std::vector<edge::Listen>& listens) {
  const std::string open = open_door(auth(), listens);
  if (!open.empty()) m_log.write(service::Level::warn, "host", open);
}

std::optional<Error> Host::apply_rest(const Config& config) {
  if (!draining()) {
    if (auto error = m_server->listen_anew(config.edge.listens)) return error;
  }
  for (const auto& [name, choice] : config.plugins) m_environment.take_later(choice.secrets);
  m_rules.replace(config.rules);
  m_registry.sync(std::make_shared<const loader::Choice>(choice_of(config)), [this, rules = config.rules] {
    doubt_rules(rules);
    if (m_applied) m_applied();
  });
  m_tokens.replace_fixed(config.tokens);
  auto& options = m_commons->options;
  options.hosts = config.edge.hosts;
  options.origins = config.edge.origins;
  options.limits = config.edge.limits;
  options.auth = options.auth || config.edge.auth;  // without tokens only where the listeners were checked for it
  warn_of_open_door(config.edge.listens);
  m_dispatcher.limit(options.limits.calls, options.limits.stream_buffer);
  m_registry.limit(options.limits.stream_buffer);
  m_events.limit(config.events);
  m_jobs.limit(config.jobs);
  m_sessions.replace_settings(config.sessions);
  m_commons->idempotency.limit(options.limits.idempotency_time, options.limits.idempotency_keys);
  m_commons->uploads.limit(options.limits.upload_time);
  m_commons->log_requests = config.log_requests;
  m_parts.audit->reopen();
  m_log.write(service::Level::info, "host", "the configuration was read again",
              {{"listeners", static_cast<std::int64_t>(m_server->addresses().size())}});
  const std::string waiting = after_a_restart(m_parts.config, config, options.auth);
  if (!waiting.empty())
    m_log.write(service::Level::warn, "host", "a part of the configuration waits for a restart", {{"what", waiting}});
  return std::nullopt;
}

}  // namespace berth::command

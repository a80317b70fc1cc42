// What the host says of itself at /status.
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "command/host.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

json sessions_json(const session::Sessions& sessions) {
  constexpr std::size_t most_names = 1000;
  json names = json::array();
  for (const auto& sight : sessions.all()) {
    if (names.size() < most_names) names.push_back(sight.record.id);
  }
  return {{"count", sessions.count()}, {"names", std::move(names)}};
}

}  // namespace

std::uint64_t Host::audit_lost() const { return m_parts.audit->lost(); }

json Host::status() const {
  json plugins = json::array();
  for (const auto& [name, entry] : m_registry.entries()) {
    json one{{"name", name}, {"state", entry.condition()}};
    if (auto why = entry.why(); !why.empty()) one["reason"] = std::move(why);
    if (entry.instance.provider) one["open_calls"] = entry.instance.provider->open_calls();
    if (entry.instance.far) one["process"] = entry.instance.far->keeper().facts();
    if (auto leaving = m_registry.departures().facts(name); !leaving.is_null()) one["leaving"] = std::move(leaving);
    plugins.push_back(std::move(one));
  }
  const auto up = std::chrono::duration_cast<std::chrono::seconds>(m_clock.wall() - m_started);
  return {{"service", "berth"},
          {"version", version()},
          {"pid", ::getpid()},
          {"started", service::format_time(m_started)},
          {"uptime_seconds", up.count()},
          {"draining", m_commons->draining},
          {"listeners", m_server->addresses()},
          {"auth", auth()},
          {"sessions", sessions_json(m_sessions)},
          {"connections", m_server->connections()},
          {"calls_in_flight", m_dispatcher.in_flight()},
          {"threads", {{"busy", m_pool->busy()}, {"waiting", m_pool->waiting()}}},
          {"audit_lines_lost", audit_lost()},
          {"isolation", m_jails->isolation().json()},
          {"policies", m_engine.facts()},
          {"plugins", std::move(plugins)}};
}

}  // namespace berth::command

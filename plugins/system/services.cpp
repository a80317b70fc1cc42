// sd-bus is systemd's own client. Each call has its own connection: they are few, and it is of one thread.
#include "services.hpp"

#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>

#include <berth/call.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "fields.hpp"

namespace machine {

using berth::Error;
using berth::Json;

namespace {

constexpr const char* destination = "org.freedesktop.systemd1";
constexpr const char* manager = "org.freedesktop.systemd1.Manager";
constexpr const char* unit_face = "org.freedesktop.systemd1.Unit";
constexpr const char* service_face = "org.freedesktop.systemd1.Service";
constexpr std::uint64_t patience = 5'000'000;  // microseconds
constexpr std::size_t most_units = 20'000;

using Bus = std::unique_ptr<sd_bus, sd_bus* (*)(sd_bus*)>;
using Message = std::unique_ptr<sd_bus_message, sd_bus_message* (*)(sd_bus_message*)>;

struct BusError {
  sd_bus_error error{};
  ~BusError() { sd_bus_error_free(&error); }
};

Error unanswered(int code, const sd_bus_error& said) {
  const std::string why = said.message != nullptr ? said.message : std::strerror(-code);
  return Error(503, "systemd_silent", "systemd does not answer: " + shown(why, 500),
               "a confined plugin reaches no Unix socket: plugin \"system\" { process = \"host\" }");
}

Message call(sd_bus* bus, const char* method, const std::string& text = {}) {
  BusError said;
  sd_bus_message* answer = nullptr;
  const char* types = text.empty() ? "" : "s";
  const int code = sd_bus_call_method(bus, destination, "/org/freedesktop/systemd1", manager, method, &said.error,
                                      &answer, types, text.c_str());
  if (code < 0) throw unanswered(code, said.error);
  return Message(answer, &sd_bus_message_unref);
}

struct Unit {
  const char *name, *description, *load, *active, *sub, *following, *path, *job_kind, *job_path;
  std::uint32_t job;
};

std::vector<Json> services_in(sd_bus_message* answer) {
  std::vector<Json> services;
  if (sd_bus_message_enter_container(answer, 'a', "(ssssssouso)") < 0) return services;
  Unit unit;
  while (services.size() < most_units &&
         sd_bus_message_read(answer, "(ssssssouso)", &unit.name, &unit.description, &unit.load, &unit.active, &unit.sub,
                             &unit.following, &unit.path, &unit.job, &unit.job_kind, &unit.job_path) > 0) {
    const std::string_view name = unit.name, kind = ".service";
    if (name.size() <= kind.size() || name.substr(name.size() - kind.size()) != kind) continue;
    services.push_back({{"name", shown(name)},
                        {"description", shown(unit.description, 500)},
                        {"load", unit.load},
                        {"active", unit.active},
                        {"sub", unit.sub}});
  }
  return services;
}

class UnitFacts {
 public:
  UnitFacts(sd_bus* bus, std::string path) : m_bus(bus), m_path(std::move(path)) {}
  void text(Json& into, const char* key, const char* face, const char* property) const {
    BusError said;
    char* value = nullptr;
    if (sd_bus_get_property_string(m_bus, destination, m_path.c_str(), face, property, &said.error, &value) < 0) return;
    const std::unique_ptr<char, void (*)(void*)> owned(value, &std::free);
    if (*value != '\0') into[key] = shown(value, 1000);
  }
  template <class Number>
  std::optional<Number> number(char type, const char* face, const char* property) const {
    BusError said;
    Number value = 0;
    const int code =
        sd_bus_get_property_trivial(m_bus, destination, m_path.c_str(), face, property, &said.error, type, &value);
    return code < 0 ? std::nullopt : std::optional(value);
  }

 private:
  sd_bus* const m_bus;
  const std::string m_path;
};

void add_numbers(Json& answer, const UnitFacts& facts) {
  const auto main = facts.number<std::uint32_t>('u', service_face, "MainPID");
  if (main && *main > 0) answer["pid"] = *main;
  for (const auto& [property, key] : {std::pair{"MemoryCurrent", "memory"}, {"TasksCurrent", "tasks"}}) {
    const auto value = facts.number<std::uint64_t>('t', service_face, property);
    if (value && *value != UINT64_MAX) answer[key] = *value;  // that stands for: not counted
  }
  if (const auto code = facts.number<std::int32_t>('i', service_face, "ExecMainStatus")) answer["exit_code"] = *code;
  if (const auto count = facts.number<std::uint32_t>('u', service_face, "NRestarts")) answer["restarts"] = *count;
  const auto since = facts.number<std::uint64_t>('t', unit_face, "StateChangeTimestamp");
  if (since && *since > 0) answer["since"] = utc(static_cast<std::int64_t>(*since / 1'000'000));
}

}  // namespace

sd_bus* Services::system_bus() {
  if (sd_booted() <= 0)
    throw Error(501, "no_systemd", "there is no systemd on this machine, so there are no services of it",
                "in a container that is usual; system.processes shows what runs");
  sd_bus* bus = nullptr;
  const int code = sd_bus_open_system(&bus);
  if (code < 0) throw unanswered(code, sd_bus_error{});
  return bus;
}

std::string unit_name(const std::string& service) {
  constexpr std::array kinds{".service", ".socket", ".timer", ".target", ".mount", ".path", ".slice", ".scope"};
  const bool has_kind = std::any_of(kinds.begin(), kinds.end(), [&service](std::string_view kind) {
    return service.size() > kind.size() && service.compare(service.size() - kind.size(), kind.size(), kind) == 0;
  });
  return has_kind ? service : service + ".service";
}

Json Services::list(const Json& input) const {
  const Bus bus(m_open(), &sd_bus_flush_close_unref);
  sd_bus_set_method_call_timeout(bus.get(), patience);
  auto all = services_in(call(bus.get(), "ListUnits").get());
  const std::string wanted = input.value("active", "any"), name = input.value("name", "");
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const Json& one) {
                             if (one.at("name").get_ref<const std::string&>().find(name) == std::string::npos)
                               return true;
                             return wanted != "any" && one.at("active") != wanted;
                           }),
            all.end());
  std::sort(all.begin(), all.end(), [](const Json& a, const Json& b) { return a.at("name") < b.at("name"); });
  const std::size_t skip = std::min<std::size_t>(all.size(), input.value("skip", 0u)),
                    end = std::min<std::size_t>(all.size(), skip + input.value("limit", 200u));
  Json answer{{"services", Json::array()}, {"total", all.size()}, {"truncated", end < all.size()}};
  for (std::size_t i = skip; i < end; ++i) answer["services"].push_back(std::move(all[i]));
  if (end < all.size()) answer["next"] = end;
  return answer;
}

Json Services::status(const Json& input) const {
  const Bus bus(m_open(), &sd_bus_flush_close_unref);
  sd_bus_set_method_call_timeout(bus.get(), patience);
  const std::string name = unit_name(input.at("service").get<std::string>());
  const auto loaded = call(bus.get(), "LoadUnit", name);
  const char* path = nullptr;
  if (sd_bus_message_read(loaded.get(), "o", &path) < 0) throw unanswered(-EBADMSG, sd_bus_error{});
  const UnitFacts facts(bus.get(), path);
  Json answer{{"name", name}};
  facts.text(answer, "description", unit_face, "Description");
  facts.text(answer, "load", unit_face, "LoadState");
  if (answer.value("load", "") == "not-found")
    throw Error(404, "no_such_service", "systemd knows no " + name, "system.services lists them");
  facts.text(answer, "active", unit_face, "ActiveState");
  facts.text(answer, "sub", unit_face, "SubState");
  facts.text(answer, "enabled", unit_face, "UnitFileState");
  facts.text(answer, "file", unit_face, "FragmentPath");
  facts.text(answer, "result", service_face, "Result");
  add_numbers(answer, facts);
  return answer;
}

}  // namespace machine

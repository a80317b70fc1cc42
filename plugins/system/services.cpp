// sd-bus is systemd's own client. Each call has its own connection: they are few, and it is of one thread.
#include "services.hpp"

#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>

#include <berth/call.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "fields.hpp"
#include "paging.hpp"

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

Error no_unit(const std::string& name) {
  return Error(404, "no_such_service", "systemd knows no " + name, "system.services lists them");
}

// What systemd says of a call that it understood and does not like.
Error refused(int code, const sd_bus_error& said, const std::string& text) {
  if (sd_bus_error_has_name(&said, SD_BUS_ERROR_INVALID_ARGS))
    return Error(422, "bad_service", text + " is no name of a unit",
                 "a template wants an instance, as getty@tty1; system.services lists them");
  return unanswered(code, said);
}

Message call(sd_bus* bus, const char* method, const std::string& text = {}) {
  BusError said;
  sd_bus_message* answer = nullptr;
  const char* types = text.empty() ? "" : "s";
  const int code = sd_bus_call_method(bus, destination, "/org/freedesktop/systemd1", manager, method, &said.error,
                                      &answer, types, text.c_str());
  if (code < 0) throw refused(code, said.error, text);
  return Message(answer, &sd_bus_message_unref);
}

struct Unit {
  const char *name, *description, *load, *active, *sub, *following, *path, *job_kind, *job_path;
  std::uint32_t job;
};

std::vector<Json> services_in(sd_bus_message* answer, bool& cut) {
  std::vector<Json> services;
  if (sd_bus_message_enter_container(answer, 'a', "(ssssssouso)") < 0) return services;
  Unit unit;
  while (sd_bus_message_read(answer, "(ssssssouso)", &unit.name, &unit.description, &unit.load, &unit.active, &unit.sub,
                             &unit.following, &unit.path, &unit.job, &unit.job_kind, &unit.job_path) > 0) {
    const std::string_view name = unit.name, kind = ".service";
    if (name.size() <= kind.size() || name.substr(name.size() - kind.size()) != kind) continue;
    if ((cut = services.size() == most_units)) break;
    services.push_back({{"name", shown(name)},
                        {"description", shown(unit.description, 500)},
                        {"load", unit.load},
                        {"active", unit.active},
                        {"sub", unit.sub}});
  }
  return services;
}

// Loaded already, or looked for on the disk: to load it changes nothing but what systemd holds in its memory.
std::string path_of(sd_bus* bus, const std::string& name) {
  BusError said;
  sd_bus_message* found = nullptr;
  const int code = sd_bus_call_method(bus, destination, "/org/freedesktop/systemd1", manager, "GetUnit", &said.error,
                                      &found, "s", name.c_str());
  const bool loaded = code >= 0;
  if (!loaded && !sd_bus_error_has_name(&said.error, "org.freedesktop.systemd1.NoSuchUnit"))
    throw refused(code, said.error, name);
  const Message answer = loaded ? Message(found, &sd_bus_message_unref) : call(bus, "LoadUnit", name);
  const char* path = nullptr;
  if (sd_bus_message_read(answer.get(), "o", &path) < 0) throw unanswered(-EBADMSG, sd_bus_error{});
  return path;
}

// Texts and numbers of one interface; null for what is of another kind.
Json one_value(sd_bus_message* answer) {
  char kind = 0;
  const char* content = nullptr;
  if (sd_bus_message_peek_type(answer, &kind, &content) <= 0 || kind != 'v') throw unanswered(-EBADMSG, sd_bus_error{});
  Json value;
  const char* text = nullptr;
  std::uint64_t large = 0;
  std::uint32_t plain = 0;
  std::int32_t less = 0;
  const std::string_view type = content;
  int code = 0;
  if (type == "s")
    code = sd_bus_message_read(answer, "v", "s", &text);
  else if (type == "t")
    code = sd_bus_message_read(answer, "v", "t", &large);
  else if (type == "u")
    code = sd_bus_message_read(answer, "v", "u", &plain);
  else if (type == "i")
    code = sd_bus_message_read(answer, "v", "i", &less);
  else
    code = sd_bus_message_skip(answer, "v");
  if (code < 0) throw unanswered(code, sd_bus_error{});
  if (type == "s") return shown(text, 1000);
  if (type == "t") return large;
  if (type == "u") return plain;
  if (type == "i") return less;
  return nullptr;
}

// All properties of an interface in one look, so that they are of one moment.
Json all_of(sd_bus* bus, const std::string& path, const char* face) {
  BusError said;
  sd_bus_message* all = nullptr;
  int code = sd_bus_call_method(bus, destination, path.c_str(), "org.freedesktop.DBus.Properties", "GetAll",
                                &said.error, &all, "s", face);
  if (code < 0) throw unanswered(code, said.error);
  const Message answer(all, &sd_bus_message_unref);
  Json found = Json::object();
  code = sd_bus_message_enter_container(all, 'a', "{sv}");
  while (code > 0 && (code = sd_bus_message_enter_container(all, 'e', "sv")) > 0) {
    const char* name = nullptr;
    if ((code = sd_bus_message_read(all, "s", &name)) < 0) break;
    found[shown(name)] = one_value(all);
    code = sd_bus_message_exit_container(all);
  }
  if (code < 0) throw unanswered(code, sd_bus_error{});
  return found;
}

void add_texts(Json& answer, const Json& facts, std::initializer_list<std::pair<const char*, const char*>> which) {
  for (const auto& [key, property] : which) {
    const auto at = facts.find(property);
    if (at != facts.end() && at->is_string() && *at != "") answer[key] = *at;
  }
}

void add_numbers(Json& answer, const Json& facts) {
  const auto number = [&facts](const char* property) {
    const auto at = facts.find(property);
    return at != facts.end() && at->is_number() ? *at : Json();
  };
  if (const Json main = number("MainPID"); main > 0) answer["pid"] = main;
  for (const auto& [key, property] : {std::pair{"memory", "MemoryCurrent"}, {"tasks", "TasksCurrent"}}) {
    const Json value = number(property);
    if (!value.is_null() && value != UINT64_MAX) answer[key] = value;  // that stands for: not counted
  }
  for (const auto& [key, property] : {std::pair{"exit_code", "ExecMainStatus"}, {"restarts", "NRestarts"}}) {
    if (const Json value = number(property); !value.is_null()) answer[key] = value;
  }
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
  bool cut = false;
  auto all = services_in(call(bus.get(), "ListUnits").get(), cut);
  const std::string wanted = input.value("active", "any"), name = input.value("name", "");
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const Json& one) {
                             if (one.at("name").get_ref<const std::string&>().find(name) == std::string::npos)
                               return true;
                             return wanted != "any" && one.at("active") != wanted;
                           }),
            all.end());
  std::sort(all.begin(), all.end(), [](const Json& a, const Json& b) { return a.at("name") < b.at("name"); });
  const Page page(input, all.size(), 200);
  Json answer = page.answer("services", cut);
  for (std::size_t i = page.begin; i < page.end; ++i) answer["services"].push_back(std::move(all[i]));
  return answer;
}

Json Services::status(const Json& input) const {
  const Bus bus(m_open(), &sd_bus_flush_close_unref);
  sd_bus_set_method_call_timeout(bus.get(), patience);
  const std::string name = unit_name(input.at("service").get<std::string>());
  const std::string path = path_of(bus.get(), name);
  const Json unit = all_of(bus.get(), path, unit_face);
  if (unit.value("LoadState", Json()) == "not-found") throw no_unit(name);
  Json answer{{"name", name}};
  add_texts(answer, unit,
            {{"description", "Description"},
             {"load", "LoadState"},
             {"active", "ActiveState"},
             {"sub", "SubState"},
             {"enabled", "UnitFileState"},
             {"file", "FragmentPath"}});
  if (const auto since = unit.value("StateChangeTimestamp", Json()); since.is_number() && since > 0)
    answer["since"] = utc(since.get<std::int64_t>() / 1'000'000);
  if (name.size() < 8 || name.compare(name.size() - 8, 8, ".service") != 0) return answer;
  const Json service = all_of(bus.get(), path, service_face);
  add_texts(answer, service, {{"result", "Result"}});
  add_numbers(answer, service);
  return answer;
}

}  // namespace machine

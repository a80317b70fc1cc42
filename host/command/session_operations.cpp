// What /sessions takes, who may ask for it, and what is answered.
#include "command/session_operations.hpp"

#include <berth/json_text.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "command/host.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;
using service::Result;
using session::Sessions;
using session::Sight;

namespace {

constexpr const char* about_create =
    "Answers with the session's `token`, which is shown this once: it is good for this session alone, and lives and "
    "dies "
    "with it. `ttl` is how long the session may be without a call, and `limits` what it may use; both are bounded by "
    "berth.lua (`sessions { … }`). Every path is then there under `/sessions/{id}`.";
constexpr const char* about_delete =
    "Calls in it are ended, its processes killed, its files and tokens removed; then it is looked whether anything is "
    "left. The answer comes once all is gone, or says what is not.";

// What its name does not say.
std::string about_limit(const session::LimitSetting& limit) {
  std::string such = "Such as " + limit.example();
  if (limit.name == std::string("cpu_time")) return "On the CPU, of each process. " + such;
  if (limit.name == std::string("wall_time"))
    return "Of each program that is started in it (a command, a terminal), but for kernels. " + such;
  return such;
}

json limits_schema() {
  json fields = json::object();
  for (const auto& one : session::limit_settings()) {
    const bool in_words =
        one.measure == session::LimitSetting::Measure::bytes || one.measure == session::LimitSetting::Measure::time;
    const json type = in_words ? json{"integer", "string"} : json("number");
    fields[one.name] = {{"type", type}, {"description", about_limit(one)}};
  }
  return {{"type", "object"},
          {"properties", std::move(fields)},
          {"additionalProperties", false},
          {"description", "Less than usual; more only where berth.lua says so"}};
}

json create_fields() {
  return {{"id", text_field("1 to 48 of a-z 0-9 _ -; if there is none, one is made")},
          {"ttl",
           {{"type", {"integer", "string"}}, {"description", "How long it may be without a call: seconds, or \"2h\""}}},
          {"limits", limits_schema()},
          {"labels",
           {{"type", "object"},
            {"additionalProperties", {{"type", "string"}}},
            {"description", "Up to 32 of your own, by name"}}},
          {"scope",
           {{"type", "string"}, {"enum", {"read", "run", "admin"}}, {"description", "Of its token; run if not said"}}}};
}

json brief(const Sight& sight) {
  const auto& record = sight.record;
  json out{{"id", record.id},      {"state", name_of(sight.state)},     {"created", record.created},
           {"turn", record.turn},  {"labels", record.labels},           {"jail", sight.jail_open ? "open" : "closed"},
           {"calls", sight.calls}, {"idle_seconds", sight.idle.count()}};
  if (record.ttl.count() > 0) out["ttl_seconds"] = record.ttl.count();
  if (!sight.why.empty()) out["reason"] = sight.why;
  if (!record.lost.empty())
    out["lost"] = {{"at", record.lost}, {"reason", "its processes ended with the host that had started them"}};
  return out;
}

json number_or_null(const std::optional<std::uint64_t>& number) { return number ? json(*number) : json(); }

json usage_json(const session::Usage& usage) {
  json out{{"disk", usage.disk.bytes}, {"files", usage.disk.files}, {"disk_age_seconds", usage.disk_age.count()}};
  if (!usage.disk.whole) out["disk_is_more"] = true;
  const auto use = usage.jail.value_or(jail::GroupUse{{}, {}, {}, "its jail is not open: nothing runs in it"});
  out["memory"] = number_or_null(use.memory);
  out["processes"] = number_or_null(use.processes);
  out["cpu_seconds"] = use.cpu_time ? json(static_cast<double>(*use.cpu_time) / 1e6) : json();
  if (!use.why.empty()) out["not_counted"] = use.why;
  return out;
}

json whole(const Sight& sight, const std::optional<session::Usage>& usage) {
  json out = brief(sight);
  out["limits"] = limits_json(sight.record.limits);
  out["age_seconds"] = sight.age.count();
  if (usage) out["usage"] = usage_json(*usage);
  return out;
}

std::optional<Error> bound_elsewhere(const session::Asker& asker, const std::string& id) {
  if (!asker.who.session || *asker.who.session == id) return std::nullopt;
  return session::wrong_session(*asker.who.session);
}

Result<session::Wish> wish_of(const json& input) {
  session::Wish wish;
  wish.id = input.value("id", "");
  if (input.contains("id") && wish.id.empty())
    return Error{422, "invalid_input", "an id has 1 to 48 of a-z 0-9 _ -", "leave it out: then one is made"};
  wish.limits = input.value("limits", json::object());
  wish.labels = input.value("labels", std::map<std::string, std::string>());
  wish.scope = session::parse_scope(input.value("scope", "run")).value_or(session::Scope::run);
  if (!input.contains("ttl")) return wish;
  const json& ttl = input["ttl"];
  if (ttl.is_number_integer()) {
    wish.ttl = std::chrono::seconds(
        ttl.is_number_unsigned() && ttl.get<std::uint64_t>() > 1'000'000'000 ? 1'000'000'000 : ttl.get<std::int64_t>());
    return wish;
  }
  const std::string text = ttl.is_string() ? ttl.get<std::string>() : "";
  const bool bare =
      !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;  // seconds, as a number is
  const auto time = service::parse_duration(bare ? text + "s" : text);
  if (!time) {
    Error error{422, "invalid_input", "the ttl is no time", "\"90s\", \"2h\" or a number of seconds"};
    error.misfits.push_back({"/ttl", "a time such as \"2h\"", ttl.dump()});
    return error;
  }
  wish.ttl = std::chrono::ceil<std::chrono::seconds>(*time);
  return wish;
}

}  // namespace

SessionOperations::SessionOperations(SessionLife& life) : m_life(life) {
  using session::Scope;
  const json id{{"id", text_field("The session's id")}};
  auto make = own_operation("sessions.create", "POST", "/sessions", "Makes a session: a workspace, a jail and a token",
                            create_fields());
  make.description = about_create;
  add(std::move(make), Scope::admin, Reach::host, &SessionOperations::create);  // they are their orchestrator's
  add(own_operation("sessions.list", "GET", "/sessions", "Every session and how it is", json::object()), Scope::read,
      Reach::session, &SessionOperations::list);
  add(own_operation("sessions.show", "GET", "/sessions/{id}", "One session: what it is, may use, and uses", id),
      Scope::read, Reach::session, &SessionOperations::show);
  auto end =
      own_operation("sessions.delete", "DELETE", "/sessions/{id}", "Ends a session; nothing that it had is left", id);
  end.description = about_delete;
  end.destructive = true;
  add(std::move(end), Scope::admin, Reach::host, &SessionOperations::remove);
  add(own_operation("sessions.turn", "POST", "/sessions/{id}/turns", "Opens the next turn of a session", id),
      Scope::admin, Reach::session, &SessionOperations::turn);
}

void SessionOperations::add(loader::Operation operation, session::Scope scope, Reach reach, Member member) {
  operation.scope = scope;
  operation.idempotent = operation.read_only;
  operation.about_sessions = true;
  offer(std::move(operation), reach, [this, member](const Pointer& reply) { (this->*member)(reply); });
}

void SessionOperations::create(const Pointer& reply) {
  auto wish = wish_of(json::parse(reply->request().input));
  if (!wish) return void(reply->fail(wish.error()));
  m_life.create(std::move(*wish), [reply](Result<Sessions::Created> made) {
    if (!made) return void(reply->fail(made.error()));
    const auto& record = made->record;
    reply->send(json_text({{"id", record.id},
                           {"token", made->secret},
                           {"scope", name_of(record.scope)},
                           {"path", "/sessions/" + record.id},
                           {"created", record.created},
                           {"ttl_seconds", record.ttl.count()},
                           {"turn", record.turn},
                           {"labels", record.labels},
                           {"limits", limits_json(record.limits)}}));
  });
}

void SessionOperations::list(const Pointer& reply) {
  const auto& asker = *reply->request().asker;
  json all = json::array();
  for (const auto& sight : m_life.sessions().all()) {
    if (!asker.who.session || *asker.who.session == sight.record.id) all.push_back(brief(sight));
  }
  reply->send(json_text({{"sessions", std::move(all)}}));
}

void SessionOperations::show(const Pointer& reply) {
  const std::string id = json::parse(reply->request().input).at("id");
  if (auto error = bound_elsewhere(*reply->request().asker, id)) return void(reply->fail(std::move(*error)));
  const auto sight = m_life.sessions().find(id);
  if (!sight) return void(reply->fail(sight.error()));
  if (sight->state != session::SeatState::ready) return void(reply->send(json_text(whole(*sight, {}))));
  m_life.usage(id, [reply, sight = *sight](const Result<session::Usage>& usage) {
    if (!usage) return void(reply->fail(usage.error()));
    reply->send(json_text(whole(sight, *usage)));
  });
}

void SessionOperations::remove(const Pointer& reply) {
  const std::string id = json::parse(reply->request().input).at("id");
  m_life.remove(id, [reply, id](std::optional<Error> left) {
    if (left) return void(reply->fail(std::move(*left)));
    reply->send(json_text(
        {{"id", id}, {"deleted", true}, {"gone", {"processes", "control groups", "mounts", "files", "tokens"}}}));
  });
}

void SessionOperations::turn(const Pointer& reply) {
  const std::string id = json::parse(reply->request().input).at("id");
  if (auto error = bound_elsewhere(*reply->request().asker, id)) return void(reply->fail(std::move(*error)));
  m_life.turn(id, [reply, id](const Result<std::uint64_t>& turn) {
    if (!turn) return void(reply->fail(turn.error()));
    reply->send(json_text({{"session", id}, {"turn", *turn}}));
  });
}

}  // namespace berth::command

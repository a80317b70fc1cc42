// What the host says of itself.
#include "command/host_operations.hpp"

#include <berth/json_text.hpp>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "command/host.hpp"
#include "command/plugin_files.hpp"
#include "command/plugin_services.hpp"
#include "command/status_parts.hpp"
#include "routing/docs.hpp"
#include "routing/openapi.hpp"
#include "service/text.hpp"

namespace berth::command {

using loader::Kind;
using nlohmann::json;

namespace {

void send(loader::Reply& reply, const json& value) { reply.send(json_text(value)); }

void send_text(loader::Reply& reply, loader::Head head, std::string text) {
  reply.begin(std::move(head));
  reply.chunk({std::move(text), {}, {}, false});
  reply.finish(0, {});
}

json describe(const loader::Operation& operation, const std::string& plugin) {
  json out{{"name", operation.name}, {"summary", operation.summary},    {"method", operation.method},
           {"path", operation.path}, {"kind", name_of(operation.kind)}, {"scope", name_of(operation.scope)},
           {"plugin", plugin},       {"input", operation.input}};
  if (!operation.description.empty()) out["description"] = operation.description;
  if (!operation.output.is_null()) out["output"] = operation.output;
  if (!operation.methods.empty()) out["methods"] = operation.methods;
  if (!operation.tags.empty()) out["tags"] = operation.tags;
  if (!operation.headers.empty()) out["headers"] = operation.headers;
  if (operation.resumable) out["resumable"] = true;
  if (operation.announced) out["announced"] = true;
  if (!operation.in_status.empty()) out["in_status"] = operation.in_status;
  if (operation.max_body > 0) out["max_body"] = operation.max_body;
  out["hints"] = {{"read_only", operation.read_only},
                  {"destructive", operation.destructive},
                  {"idempotent", operation.idempotent},
                  {"open_world", operation.open_world}};
  return out;
}

const char* kind_of(loader::Need::What what) {
  switch (what) {
    case loader::Need::What::program: return "program";
    case loader::Need::What::file: return "file";
    case loader::Need::What::library: return "library";
  }
  return "file";
}

json describe(const loader::Registry::Entry& entry) {
  json out{{"name", entry.name},
           {"state", entry.condition()},
           {"file", entry.file},
           {"process", entry.apart() ? "own" : "host"},
           {"first_party", entry.first_party}};
  if (auto why = entry.why(); !why.empty()) out["reason"] = std::move(why);
  describe_namesakes(out, entry.name, entry.namesakes);
  if (!entry.manifest) return out;
  out["version"] = entry.manifest->version;
  out["summary"] = entry.manifest->summary;
  describe_trust(out, *entry.manifest, entry.signature);
  out["operations"] = json::array();
  for (const auto& operation : entry.manifest->operations) out["operations"].push_back(operation.name);
  describe_services(out, entry);
  out["needs"] = json::array();
  for (const auto& need : entry.manifest->needs) {
    out["needs"].push_back(
        {{kind_of(need.what), need.name}, {"why", need.why}, {"get", need.get}, {"optional", need.optional}});
  }
  return out;
}

// Strangers may ask for some of this, and the tokens of one session.
bool sees_all(const session::Asker& asker) { return !asker.who.name.empty() && !asker.who.session; }

// Whoever is bound to a session learns how it is held, and nothing of who else is here.
json status_for(const json& all, const session::Asker& asker) {
  if (!asker.who.session) return all;
  json own{{"session", *asker.who.session}};
  for (const char* field : {"service", "version", "started", "uptime_seconds", "draining", "auth", "isolation"})
    own[field] = all[field];
  return own;
}

// Reasons name files and more, and are not for everybody.
json health_of(Host& host, bool in_words) {
  json plugins = json::object();
  bool well = true;
  for (const auto& [name, entry] : host.registry().entries()) {
    if (entry.state == loader::Registry::State::disabled) continue;
    std::optional<std::string> ailment;
    if (!entry.instance.provider)
      ailment = entry.reason;
    else
      ailment = entry.instance.provider->ailment();
    plugins[name] = {{"status", ailment ? "ailing" : "ok"}};
    if (ailment && in_words) plugins[name]["reason"] = *ailment;
    well = well && !ailment;
  }
  well = well && host.audit_lost() == 0;
  return {{"status", well ? "ok" : "degraded"},
          {"version", Host::version()},
          {"plugins", plugins},
          {"audit_lines_lost", host.audit_lost()}};
}

}  // namespace

HostOperations::HostOperations(Host& host)
    : m_host(host),
      m_lost(host.metrics().gauge("berth_audit_lines_lost", "Audit lines that should be in the file and are not.")) {
  add_probes();
  add_pages();
  add_metadata();
  add_facts();
  add_care();
}

loader::Operation HostOperations::operation_of(const About& about) {
  auto operation = own_operation(std::string("host.") + about.name, "GET", about.path, about.summary, json::object());
  operation.kind = about.kind;
  operation.scope = std::string_view(about.scope) == "open" ? session::Scope::open : session::Scope::read;
  operation.idempotent = true;
  return operation;
}

void HostOperations::add(const About& about, Answer answer) {
  offer(operation_of(about), about.reach, [answer = std::move(answer)](const Pointer& reply) { answer(*reply); });
}

void HostOperations::add_probes() {
  add({"livez", "/livez", "open", "Is the host alive?"}, [](auto& reply) { send(reply, {{"alive", true}}); });
  add({"readyz", "/readyz", "open", "Does the host take calls?"}, [this](auto& reply) {
    if (!m_host.draining()) return send(reply, {{"ready", true}});
    service::Error error{503, "draining", "this host is shutting down"};
    error.retry_after = std::chrono::seconds(2);
    reply.fail(std::move(error));
  });
  add({"health", "/health", "open", "How are the host and its plugins?"},
      [this](auto& reply) { send(reply, health_of(m_host, sees_all(*reply.request().asker))); });
}

// RFC 9728, for clients that look for how to open this host. No server gives tokens: `berth token` makes them.
void HostOperations::add_metadata() {
  const auto answer = [](const Pointer& reply) {
    const auto& request = reply->request();
    const json input = json::parse(request.input);
    std::string origin = request.http.fields.substr(0, request.http.fields.find('\n'));
    origin.erase(0, origin.find(' ') + 1);
    if (origin.empty())
      return void(reply->fail({404, "not_found", "what is asked over a Unix socket has no URL of its own",
                               "whoever may connect has a token already, or asks whoever runs this host"}));
    loader::Head whole{"application/json", {}, {}};
    whole.whole = true;
    reply->begin(std::move(whole));
    reply->chunk({json_text({{"resource", origin + "/" + input.value("path", "")},
                             {"bearer_methods_supported", {"header"}},
                             {"scopes_supported", {"read", "run", "admin"}},
                             {"resource_name", "Berth"}}),
                  {},
                  {},
                  false});
    reply->finish(0, {});
  };
  const std::string path = "/.well-known/oauth-protected-resource";
  for (const bool deep : {false, true}) {
    auto operation =
        operation_of({deep ? "resource_at" : "resource", "", "open", "How this host is opened (RFC 9728)", Kind::http});
    operation.path = path + (deep ? "/{path...}" : "");
    operation.headers = {"berth-origin"};
    if (deep)
      operation.input = {
          {"type", "object"}, {"properties", {{"path", {{"type", "string"}}}}}, {"additionalProperties", false}};
    offer(std::move(operation), Reach::session, answer);
  }
}

void HostOperations::add_pages() {
  add({"index", "/", "open", "What this is, and where to go next"}, [this](auto& reply) {
    send(reply, {{"service", "berth"},
                 {"version", Host::version()},
                 {"auth", m_host.auth()},
                 {"links",
                  {{"docs", "/docs"},
                   {"openapi", "/openapi.json"},
                   {"operations", "/operations"},
                   {"status", "/status"},
                   {"health", "/health"},
                   {"metrics", "/metrics"}}}});
  });
  add({"docs", "/docs", "open", "This host's operations, to read and to try", Kind::download}, [](auto& reply) {
    send_text(reply, {"text/html; charset=utf-8", {}, {}, routing::docs_csp()}, std::string(routing::docs_html()));
  });
  add({"openapi", "/openapi.json", "read", "The OpenAPI 3.1 description of every operation"},
      [this](auto& reply) { reply.send(routing::openapi_json(*m_host.dispatcher().table(), Host::version())); });
  add({"metrics", "/metrics", "read", "Numbers for Prometheus", Kind::download, Reach::host}, [this](auto& reply) {
    m_lost.set(static_cast<double>(m_host.audit_lost()));
    send_text(reply, {"text/plain; version=0.0.4; charset=utf-8", {}, {}, {}}, m_host.metrics_text());
  });
}

// What an operator does to plugins while the host runs.
void HostOperations::add_care() {
  care("plugin_enable", "enable", "Starts a plugin again that died too often and was stopped", json::object(),
       [this](const std::shared_ptr<loader::Reply>& reply, const json& input) {
         const auto error = m_host.registry().enable(input.at("name"));
         answer_care(*reply, input.at("name"), error);
       });
  care(
      "plugin_reload", "reload",
      "Loads a plugin from disk again, or for the first time; calls and jobs that it has have limits.leave_time to end",
      json::object(), [this](const std::shared_ptr<loader::Reply>& reply, const json& input) {
        const std::string name = input.at("name");
        m_host.registry().reload(name, [this, reply, name](const auto& error) { answer_care(*reply, name, error); });
      });
  const json let_end{
      {"let_end",
       {{"type", "boolean"},
        {"description",
         "Even if calls or jobs hold it: it takes no new ones, and goes when these have ended, or limits.leave_time "
         "is over and they are ended"}}}};
  care("plugin_unload", "unload", "Takes a plugin out of the host, unless calls hold it", let_end,
       [this](const std::shared_ptr<loader::Reply>& reply, const json& input) {
         const std::string name = input.at("name");
         m_host.registry().unload(name, input.value("let_end", false),
                                  [this, reply, name](const auto& error) { answer_care(*reply, name, error); });
       });
}

void HostOperations::care(const char* name, const char* verb, const char* summary, json fields, CareHandler handler) {
  fields["name"] = {{"type", "string"}, {"description", "The plugin's name"}};
  auto operation = own_operation(std::string("host.") + name, "POST", std::string("/plugins/{name}/") + verb, summary,
                                 std::move(fields));
  operation.scope = session::Scope::admin;
  offer(std::move(operation), Reach::host,
        [handler = std::move(handler)](const Pointer& reply) { handler(reply, json::parse(reply->request().input)); });
}

void HostOperations::answer_care(loader::Reply& reply, const std::string& name,
                                 const std::optional<service::Error>& error) {
  const auto& entries = m_host.registry().entries();
  const auto at = entries.find(name);
  if (error || at == entries.end()) {
    reply.fail(error.value_or(service::Error{404, "not_found", "there is no plugin " + name + " any more",
                                             "GET /plugins lists those there are"}));
    return;
  }
  send(reply, describe(at->second));
}

void HostOperations::tell_status(const Pointer& reply) {
  const auto& asker = *reply->request().asker;
  const json all = m_host.status();
  StatusParts::gather(*m_host.dispatcher().table(), m_host.calls(), m_host.loop(), asker,
                      [reply, all, shown = status_for(all, asker)](const json& parts) mutable {
                        StatusParts::add(shown, parts, all);
                        send(*reply, shown);
                      });
}

void HostOperations::add_facts() {
  auto status = operation_of({"status", "/status", "read", "What runs here right now"});
  status.description =
      "The host's own facts, and what plugins add: fields of operations that say `in_status` at `/operations`, of the "
      "session that is asked in. What a plugin does not say within 3 seconds, or in more than 64 KiB, is left out.";
  offer(std::move(status), Reach::session, [this](const Pointer& reply) { tell_status(reply); });
  add({"operations", "/operations", "read", "Every operation with its schemas"}, [this](auto& reply) {
    json all = json::array();
    for (const auto& route : m_host.dispatcher().table()->routes()) {
      const auto& operation = route->operation;
      json one = describe(operation, route->provider->manifest().name);
      if (operation.scope != session::Scope::open) {  // whose callers the rules do not ask
        const auto demands = m_host.rules().demands(operation.name, operation.scope);
        one["scope"] = name_of(demands.scope);
        if (!demands.denied.empty()) one["denied"] = demands.denied;
      }
      all.push_back(std::move(one));
    }
    send(reply, {{"operations", std::move(all)}});
  });
  add({"plugins", "/plugins", "read", "Every plugin and its state", Kind::call, Reach::host}, [this](auto& reply) {
    json all = json::array();
    for (const auto& [name, entry] : m_host.registry().entries()) all.push_back(describe(entry));
    send(reply, {{"plugins", std::move(all)}});
  });
}

}  // namespace berth::command

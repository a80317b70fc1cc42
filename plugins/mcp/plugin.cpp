// What the plugin says of itself, and how it begins and ends.
#include "plugin.hpp"

#include <utility>

namespace mcp {

using namespace berth;

namespace {

constexpr const char* about_endpoint =
    "Streamable HTTP of the Model Context Protocol, for its clients: revision 2026-07-28 (each request by itself) and "
    "2025-11-25, 2025-06-18, 2025-03-26 and 2024-11-05 (sessions) on one path. Operations are tools; each is called in "
    "the client's own name, with its scope and in its session.";

Settings settings_of(const Json& config) {
  Settings all;
  all.budget = config.value("budget", all.budget);
  all.page = config.value("page", all.page);
  all.away = std::chrono::seconds(config.value("away", all.away.count()));
  all.task = std::chrono::seconds(config.value("task", all.task.count()));
  all.watch = std::chrono::seconds(config.value("watch", all.watch.count()));
  return all;
}

Field tools() {
  return berth::optional("tools", berth::string().max_length(400).describe(
                                      "Only the tools of these plugins and operations: kernel,workspace.read"));
}

}  // namespace

void Plugin::declare(Declaration& d) {
  d.plugin("mcp", plugin_version, "The operations of this host as tools of the Model Context Protocol");
  for (const char* id : {BERTH_CALLS, BERTH_EVENTS}) d.service(id);
  const Json named = array(berth::string().describe("A plugin or an operation")).json();
  d.config(object(
      {berth::optional("budget",
                       integer()
                           .minimum(0)
                           .maximum(10'000'000)
                           .otherwise(16'000)
                           .describe("Bytes of tools that /mcp lists, about four for each token; what has no room is "
                                     "called by its name all the same. 0: all are listed")),
       berth::optional("page", integer().minimum(1).maximum(10'000).otherwise(200).describe(
                                   "Entries of a list that one answer has")),
       berth::optional("groups", Schema(Json{{"type", "object"}, {"additionalProperties", named}})
                                     .describe("More groups: {research = {\"browser\", \"workspace.read\"}}")),
       berth::optional("away", integer().minimum(1).maximum(86'400).otherwise(600).describe(
                                   "Seconds that what runs for a client of a session goes on while it is away")),
       berth::optional("task", integer().minimum(1).maximum(3600).otherwise(10).describe(
                                   "Seconds after which a call becomes a task, of clients that know these")),
       berth::optional("watch", integer().minimum(1).maximum(3600).otherwise(30).describe(
                                    "Seconds after which a tool that only watches, and would go on, answers"))}));
  const auto endpoint = [&](const char* name, const char* path, const char* summary, std::initializer_list<Field> at) {
    d.http(name, path, {"POST", "GET", "DELETE"})
        .summary(summary)
        .description(about_endpoint)
        .headers({"accept", "mcp-*"})
        .scope(berth::read)
        .open_world()
        .input(object(at))
        .handle(&Plugin::speak);
  };
  const Field group = field("server", berth::string().describe("A group").example("all"));
  endpoint("serve", "/mcp", "MCP: tools, resources and prompts of this host", {tools()});
  endpoint("server", "/servers/{server}/mcp", "MCP: one group of tools; GET /servers lists the groups",
           {group, tools()});
  d.http("sse", "/servers/{server}/sse", {"GET"})
      .summary("MCP of 2024-11-05: the events of one client, the first of which names where its messages go")
      .scope(berth::read)
      .open_world()
      .input(object({group}))
      .handle(&Plugin::sse);
  d.http("messages", "/servers/{server}/messages", {"POST"})
      .summary("MCP of 2024-11-05: a message of such a client")
      .scope(berth::read)
      .open_world()
      .input(object({group, field("client", berth::string().max_length(100).describe("As the first event says"))}))
      .handle(&Plugin::message);
  d.get("servers", "/servers")
      .summary("The groups of tools that there are for MCP clients")
      .read_only()
      .idempotent()
      .output(object({field("servers", array(anything()))}))
      .handle(&Plugin::servers);
  declare_scripts(d);
}

Plugin::Plugin(const Context& context)
    : m_log(context.log),
      m_settings(settings_of(context.config)),
      m_groups(context.config.value("groups", Json::object())),
      m_calls(context.host),
      m_events(context.host),
      m_timers(context) {
  m_heard = m_events.subscribe(
      "plugin.* approval.asked session.expired session.deleted *.tools_changed *.prompts_changed *.resources_changed "
      "*.resource_updated",
      [this](const Event& event) { heard(event); });
  m_beats = m_timers.every(std::chrono::seconds(15), [this] { beat(); });
  m_tidies = m_timers.every(std::min(std::chrono::seconds(15), m_settings.away), [this] { tidy(); });
}

Plugin::~Plugin() {
  m_events.unsubscribe(m_heard);
  for (const auto timer : {m_beats, m_tidies}) m_timers.cancel(timer);
  const std::lock_guard<Stream::Lock> held(m_lock);
  if (m_looking) m_calls.cancel(m_look);
  m_sessions.close();
  for (const auto& [number, listener] : std::exchange(m_listeners, {})) listener.stream->end();
  for (auto* waiting : {&m_parked, &m_tasks})
    for (const auto& [state, one] : std::exchange(*waiting, {})) one.run->drop();
}

void Plugin::servers(Call call) {
  const std::lock_guard<Stream::Lock> held(m_lock);
  if (m_known) return static_cast<void>(call.send(servers_for({call.caller(), scope_of(call.scope())})));
  wait_for_known(call, [this, call] { servers(call); });
}

Json Plugin::servers_for(const Viewer& viewer) const {
  Json all = Json::array();
  for (const auto& group : m_groups.all()) {
    const Selection selection = selection_of(&group, {});
    int tools = 0;
    std::set<std::string> plugins;
    for (const auto& offer : m_catalogue->offers()) {
      if (offer.as != Offer::As::tool || !covers(selection, offer) || !may_see(offer, viewer)) continue;
      ++tools;
      plugins.insert(offer.plugin);
    }
    Json one{
        {"name", group.name}, {"about", group.about}, {"path", "/servers/" + group.name + "/mcp"}, {"tools", tools}};
    one["plugins"] = plugins;
    if (tools == 0) one["absent"] = absence_of(group);
    all.push_back(std::move(one));
  }
  return {{"servers", std::move(all)}};
}

}  // namespace mcp

using mcp::Plugin;
BERTH_PLUGIN(Plugin);

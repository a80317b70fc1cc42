// Scripts that wait for somebody's yes: what clients' tools know of them, and the way for whoever no client can ask.
#include <utility>

#include "plugin.hpp"

namespace mcp {

using namespace berth;

void Plugin::declare_scripts(Declaration& d) {
  const Schema script =
      object({field("id", berth::string()), field("state", berth::string()), field("script", berth::string())});
  d.get("scripts", "/scripts")
      .summary("The scripts that MCP clients of the group linux want to have run in this session")
      .description("`state` is waiting, approved, rejected, running, executed or ended. They are kept for an hour.")
      .scope(berth::run)
      .read_only()
      .output(object({field("scripts", array(script))}))
      .handle(&Plugin::scripts);
  d.post("approve_script", "/scripts/{script}")
      .summary("Says whether such a script may be run")
      .description("Once, by the tool execute_script or run_script. For those that no client could be asked about.")
      .scope(berth::admin)
      .input(object({field("script", berth::string().pattern("^[0-9a-f]{32}$").describe("Its id")),
                     field("approve", boolean()),
                     berth::optional("reason", berth::string().max_length(1000).describe("Why not"))}))
      .output(script)
      .handle(&Plugin::approve_script);
}

void Plugin::scripts(berth::Call call) {
  const std::lock_guard<Stream::Lock> held(m_lock);
  call.send(m_scripts.list(call.session()));
}

void Plugin::approve_script(berth::Call call) {
  const std::lock_guard<Stream::Lock> held(m_lock);
  const Json& input = call.input();
  call.send(m_scripts.approve(input.at("script"), call.session(), input.at("approve"), input.value("reason", "")));
}

Json Plugin::script(const std::string& verb, const Json& input, const Run& run) {
  const std::string& seat = run.order().owner.seat;
  if (verb == "script.waits") {
    m_events.publish("mcp.script_waits", {{"id", part(input, "id")}}, seat);
    return nullptr;
  }
  if (verb != "script.answer") return m_scripts.step(verb, input, seat, &run);
  const bool yes = part(input, "approve") == true;
  const std::string id = text_in(input, "id"), why = "whoever was asked did not approve it";
  Json script = yes ? m_scripts.agree(id, seat, part(input, "said")) : m_scripts.approve(id, seat, false, why);
  if (!yes) throw berth::Error(403, "not_approved", why);
  return script;
}

}  // namespace mcp

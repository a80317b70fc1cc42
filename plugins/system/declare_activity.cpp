// What the plugin says of its operations about connections, processes and services.
#include "answers.hpp"
#include "connections.hpp"
#include "plugin.hpp"

namespace machine {

using namespace berth;

namespace {

Field skip() {
  return berth::optional(
      "skip", integer().minimum(0).maximum(1'000'000).otherwise(0).describe("How many are left out at the begin"));
}
Field limit(unsigned usual, unsigned most) {
  return berth::optional("limit",
                         integer().minimum(1).maximum(most).otherwise(usual).describe("How many come at most"));
}
Field protocol() {
  return berth::optional("protocol",
                         berth::string().one_of({"any", "tcp", "udp"}).otherwise("any").describe("Of which kind"));
}
Field port() {
  return berth::optional("port", integer().minimum(1).maximum(65535).describe("Only with this port, on either side"));
}
Field part_of_name() {
  return berth::optional("name", berth::string().max_length(256).describe("Only those whose name has this in it"));
}

constexpr const char* about_processes =
    "A page; go on with `skip` set to `next`. `cpu_percent` is of one processor, measured over `sample_ms`, or over "
    "each "
    "one's life if that is 0. Command lines are left out unless berth.lua says otherwise: they may have secrets in "
    "them.";

}  // namespace

void Plugin::declare_activity(Declaration& d) {
  ready(d.get("connections", "/system/connections"), connections_answer())
      .summary("Lists network connections, with their process where it can be seen")
      .description("TCP and UDP of the host's network, without what listens: system.ports has that.")
      .input(object({protocol(), port(),
                     berth::optional(
                         "state", berth::string().max_length(32).describe("Only in this state").example("established")),
                     skip(), limit(100, 1000)}))
      .handle(&Plugin::asked<&tell_connections>);
  ready(d.get("ports", "/system/ports"), ports_answer())
      .summary("Lists the ports that are listened on, with their process where it can be seen")
      .input(object({protocol(), port(), skip(), limit(100, 1000)}))
      .handle(&Plugin::asked<&tell_ports>);
  const auto sort = berth::string().one_of({"cpu", "memory", "pid", "name", "started"}).otherwise("cpu");
  ready(d.get("processes", "/system/processes"), processes_answer())
      .summary("Lists processes: the busiest first, or by memory, number, name or start")
      .description(about_processes)
      .input(object(
          {berth::optional("sort", Schema(sort).describe("What comes first: the most, the latest, the lowest")),
           part_of_name(), berth::optional("user", berth::string().max_length(64).describe("Only this user's")),
           berth::optional("sample_ms", integer().minimum(0).maximum(2000).otherwise(200).describe("Milliseconds")),
           skip(), limit(50, 500)}))
      .handle(&Plugin::looked<&tell_processes>);
  ready(d.get("process", "/system/processes/{pid}"), process_answer())
      .summary("Tells of one process: memory, limits, threads, how many files are open")
      .input(object({field("pid", integer().minimum(1).maximum(4'194'304).describe("Its number").example(1))}))
      .handle(&Plugin::looked<&tell_process>);
  const auto active = berth::string()
                          .one_of({"any", "active", "reloading", "inactive", "failed", "activating", "deactivating"})
                          .otherwise("any");
  ready(d.get("services", "/system/services"), services_answer())
      .summary("Lists systemd's services and their state")
      .description("501 `no_systemd` where there is none, as in most containers.")
      .input(object({berth::optional("active", Schema(active).describe("Only in this state")), part_of_name(), skip(),
                     limit(200, 1000)}))
      .handle(&Plugin::services);
  ready(d.get("service", "/system/services/{service}"), service_answer())
      .summary("Tells of one of systemd's services")
      .description("501 `no_systemd` where there is none, as in most containers.")
      .input(object({field("service", berth::string()
                                          .pattern("^[A-Za-z0-9:_.\\\\@-]{1,255}$")
                                          .describe("Its name, with or without .service")
                                          .example("ssh"))}))
      .handle(&Plugin::service);
}

}  // namespace machine

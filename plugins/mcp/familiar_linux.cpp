// The tools of linux-mcp-server that only look, on plugins/system. `host` is another machine there; here is but one.
#include <berth/json_text.hpp>

#include "catalogue.hpp"
#include "content.hpp"
#include "familiar.hpp"

namespace mcp {

namespace for_machine {
namespace {

// Null and the empty text are what that server takes for nothing.
void give(Json& input, const char* as, const Json& arguments, const char* name) {
  const Json& value = part(arguments, name);
  if (!value.is_null() && value != "") input[as] = value;
}

template <std::size_t count>
std::vector<Json> renamed(const Json& arguments, const char* const (&names)[count][2]) {
  Json input = Json::object();
  for (const auto& [known, ours] : names) give(input, ours, arguments, known);
  return {std::move(input)};
}

std::vector<Json> nothing(const Json&) { return {Json::object()}; }
std::vector<Json> of_journal(const Json& arguments) {
  return renamed(
      arguments,
      {{"unit", "unit"}, {"priority", "priority"}, {"since", "since"}, {"transport", "transport"}, {"lines", "lines"}});
}
std::vector<Json> of_log(const Json& arguments) {
  return renamed(arguments, {{"log_path", "path"}, {"lines", "lines"}});
}
std::vector<Json> of_service(const Json& arguments) {
  return renamed(arguments, {{"service_name", "service"}, {"lines", "lines"}});
}
std::vector<Json> of_process(const Json& arguments) { return renamed(arguments, {{"pid", "pid"}}); }
std::vector<Json> of_folder(const Json& arguments) {
  return renamed(arguments, {{"path", "path"}, {"order_by", "sort"}, {"sort", "order"}, {"top_n", "limit"}});
}
std::vector<Json> of_file(const Json& arguments) { return renamed(arguments, {{"path", "path"}}); }

Json as_it_is(const Json&, const Json& all) { return tool_result(Offer(), all.at(0)); }

const KnownField host{"host", "string", "This machine is the only one: leave it out", {{"type", {"string", "null"}}}};
const KnownField lines{"lines", "integer", "So many, from the end"};
const KnownField service{"*service_name", "string", "With or without .service"};
const KnownField folder{"*path", "string", "The folder, from / on"};
const KnownField order_by{"order_by", "string", "By what", {{"enum", {"name", "size", "modified"}}}};
const KnownField sort{"sort", "string", "Which way", {{"enum", {"ascending", "descending"}}}};
const KnownField top{"top_n", "integer", "How many at most", {{"type", {"integer", "null"}}}};

using ToInputs = std::vector<Json> (*)(const Json&);
Familiar looks(const char* name, const char* operation, const char* title, Json input, ToInputs inputs = &nothing) {
  const Json hints{{"readOnlyHint", true}, {"openWorldHint", false}};
  return {"linux", name, operation, title, title, std::move(input), hints, inputs, &as_it_is};
}

}  // namespace
}  // namespace for_machine

std::vector<Familiar> linux_tools() {
  using namespace for_machine;
  const Json only_host = known_input({host}), of_a_folder = known_input({folder, order_by, sort, top, host});
  const auto journal = known_input({{"unit", "string", "Only of this unit"},
                                    {"priority", "string", "At least so grave: a name, 0 to 7, or a range"},
                                    {"since", "string", "Not older than this"},
                                    {"transport", "string", "Only what came this way", {{"type", {"string", "null"}}}},
                                    lines,
                                    host});
  return {
      looks("get_system_information", "system.information", "Release, kernel, name, uptime", only_host),
      looks("get_cpu_information", "system.cpu", "Processors and load", only_host),
      looks("get_memory_information", "system.memory", "Memory and swap", only_host),
      looks("get_disk_usage", "system.disks", "How full the disks are", only_host),
      looks("get_hardware_information", "system.hardware", "What is built in", only_host),
      looks("list_block_devices", "system.devices", "Block devices, partitions and mounts", only_host),
      looks("get_network_interfaces", "system.interfaces", "Network interfaces", only_host),
      looks("get_network_connections", "system.connections", "Network connections", only_host),
      looks("get_listening_ports", "system.ports", "Ports that are listened on", only_host),
      looks("list_processes", "system.processes", "Processes, the busiest first", only_host),
      looks("get_process_info", "system.process", "One process", known_input({{"*pid", "integer", "Its number"}, host}),
            &of_process),
      looks("list_services", "system.services", "systemd's services and their state", only_host),
      looks("get_service_status", "system.service", "One of systemd's services", known_input({service, host}),
            &of_service),
      looks("get_service_logs", "system.service_logs", "The latest entries of a service in the journal",
            known_input({service, lines, host}), &of_service),
      looks("get_journal_logs", "system.journal", "The latest entries of the journal", journal, &of_journal),
      looks("read_log_file", "system.log", "The last lines of a file in /var/log",
            known_input({{"*log_path", "string", "As \"dpkg.log\" or \"/var/log/dpkg.log\""}, lines, host}), &of_log),
      looks("list_directories", "system.directories", "The folders in a folder of the machine", of_a_folder,
            &of_folder),
      looks("list_files", "system.files", "The files in a folder of the machine", of_a_folder, &of_folder),
      looks("read_file", "system.file", "A text file of the machine",
            known_input({{"*path", "string", "From / on"}, host}), &of_file),
  };
}

}  // namespace mcp

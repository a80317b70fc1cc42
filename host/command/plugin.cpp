// `berth plugin`: the plugins of a running host or, if none runs, those on disk.
#include <iostream>
#include <nlohmann/json.hpp>

#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/plugin_files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

// From the host if it answers, with `said` where they come from.
json plugins_of(const Arguments& arguments, std::string& said) {
  Client client(target_of(arguments));
  const auto answer = client.send({"GET", "/plugins"});
  if (answer && answer->status == 200) {
    said = "of the host at " + target_of(arguments).url;
    return json::parse(answer->body, nullptr, false).value("plugins", json::array());
  }
  said = "on disk; no host answers at " + target_of(arguments).url;
  if (answer) said = "on disk; the host at " + target_of(arguments).url + " answered " + std::to_string(answer->status);
  json all = json::array();
  for (const auto& found : plugin_files(arguments.value("--config"))) {
    json one{{"name", found.name}, {"file", found.library_file}, {"state", found.manifest ? "found" : "broken"}};
    if (!found.manifest) one["reason"] = found.manifest.error().message;
    if (found.manifest) {
      one["version"] = found.manifest->version;
      one["summary"] = found.manifest->summary;
      for (const auto& operation : found.manifest->operations) one["operations"].push_back(operation.name);
    }
    all.push_back(std::move(one));
  }
  return all;
}

int list(const Arguments& arguments) {
  std::string said;
  const json all = plugins_of(arguments, said);
  if (arguments.has("--json")) {
    std::cout << json{{"plugins", all}}.dump() << "\n";
    return done;
  }
  std::vector<Row> rows;
  for (const auto& one : all) {
    rows.push_back({one.value("name", ""), one.value("version", "-"), one.value("state", ""),
                    one.value("reason", one.value("summary", ""))});
  }
  print_table({"PLUGIN", "VERSION", "STATE", "SUMMARY"}, rows);
  std::cerr << "(" << said << ")\n";
  return done;
}

int info(const Arguments& arguments, const std::string& name) {
  std::string said;
  const json all = plugins_of(arguments, said);
  std::vector<std::string> names;
  for (const auto& one : all) {
    names.push_back(one.value("name", ""));
    if (names.back() != name) continue;
    std::cout << one.dump(2) << "\n";
    std::cerr << "(" << said << ")\n";
    return done;
  }
  const auto near = service::near_names(name, names);
  return report({0, "unknown", "there is no plugin " + name,
                 near.empty() ? "berth plugin list shows what there is" : "did you mean " + near.front() + "?"});
}

int run(const Arguments& arguments) {
  const auto& words = arguments.rest();
  if (words.size() == 1 && words[0] == "list") return list(arguments);
  if (words.size() == 2 && words[0] == "info") return info(arguments, words[1]);
  std::cerr << "berth: plugin wants `list` or `info NAME`; see: berth plugin --help\n";
  return misused;
}

}  // namespace

Command plugin_command() {
  std::vector<Option> options{{"--json", "", "list: as JSON"},
                              {"--config", "FILE", "whose plugin folders to look into if no host answers"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {"plugin", "lists plugins, or shows one", "list|info NAME [options]", "", std::move(options), run};
}

}  // namespace berth::command

// `berth plugin`: the plugins of a running host or, if none runs, those on disk.
#include <iostream>
#include <nlohmann/json.hpp>

#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/json_reading.hpp"
#include "command/plugin_files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

struct Plugins {
  json list;
  std::string from;
};

// From the host if it answers, otherwise from the manifests beside the plugins.
Plugins plugins_of(const Arguments& arguments, const Client::Target& target) {
  Client client(target);
  auto list = fetch_list(client, "/plugins", "plugins");
  if (list) return {std::move(*list), "of the host at " + target.url};
  Plugins plugins{json::array(), "on disk; no host answers at " + target.url};
  if (list.error().code == "problem")
    plugins.from = "on disk; the host at " + target.url + " answered " + std::to_string(list.error().status);
  for (const auto& file : plugin_files(arguments.value("--config"))) plugins.list.push_back(describe(file));
  return plugins;
}

int list(const Arguments& arguments, const Plugins& plugins) {
  if (arguments.has("--json")) {
    std::cout << json{{"plugins", plugins.list}}.dump() << "\n";
    return done;
  }
  std::vector<Row> rows;
  for (const auto& one : plugins.list) {
    rows.push_back({text_at(one, "name"), text_at(one, "version", "-"), text_at(one, "state"),
                    text_at(one, "reason", text_at(one, "summary"))});
  }
  print_table({"PLUGIN", "VERSION", "STATE", "SUMMARY"}, rows);
  std::cerr << "(" << printable(plugins.from) << ")\n";
  return done;
}

int info(const Plugins& plugins, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& one : plugins.list) {
    names.push_back(text_at(one, "name"));
    if (names.back() != name) continue;
    std::cout << one.dump(2) << "\n";
    std::cerr << "(" << printable(plugins.from) << ")\n";
    return done;
  }
  const auto near = service::near_names(name, names);
  return report({0, "unknown", "there is no plugin " + name,
                 near.empty() ? "berth plugin list shows what there is" : "did you mean " + near.front() + "?"});
}

int run(const Arguments& arguments) {
  const auto& words = arguments.rest();
  if (!words.empty() && words[0] == "new") return plugin_new(arguments);
  const bool lists = words.size() == 1 && words[0] == "list";
  if (!lists && !(words.size() == 2 && words[0] == "info")) {
    std::cerr << "berth: plugin wants `list`, `info NAME` or `new NAME`; see: berth plugin --help\n";
    return misused;
  }
  const auto target = target_of(arguments);
  if (!target) return report(target.error());
  const Plugins plugins = plugins_of(arguments, *target);
  return lists ? list(arguments, plugins) : info(plugins, words[1]);
}

}  // namespace

Command plugin_command() {
  std::vector<Option> options{{"--json", "", "list: as JSON"},
                              {"--config", "FILE", "whose plugin folders to look into if no host answers"}};
  for (auto& option : plugin_new_options()) options.push_back(std::move(option));
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {
      "plugin",
      "lists plugins, shows one, or begins a new one",
      "list|info NAME|new NAME [options]",
      "`list` and `info` ask the host and, if none answers, look at the files; which of the two is said on standard "
      "error.\n`new` writes a complete plugin: sources, a test, a scenario, a README and a file for CI.\n\n"
      "  berth plugin list\n"
      "  berth plugin info clock\n"
      "  berth plugin new hello --kind call,stream\n",
      std::move(options),
      run};
}

}  // namespace berth::command

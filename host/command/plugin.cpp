// `berth plugin`: the plugins of a running host or, if none runs, those on disk.
#include <iostream>
#include <nlohmann/json.hpp>

#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/json_reading.hpp"
#include "command/plugin_files.hpp"
#include "command/plugin_sign.hpp"
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

std::string party_of(const json& plugin) {
  const auto found = plugin.find("first_party");
  if (found == plugin.end() || !found->is_boolean()) return "-";
  return found->get<bool>() ? "first" : "third";
}

// To a host --key is a TLS key; where none is asked it is one to sign with, or to verify with.
std::vector<Option> options() {
  std::vector<Option> all{
      {"--json", "", "list: as JSON"},
      {"--let-end", "", "unload: even if calls or jobs hold it; it takes no new ones, and goes when these have ended"},
      {"--config", "FILE", "whose plugin folders to look into if no host answers; whose keys verify takes"}};
  for (auto& option : plugin_new_options()) all.push_back(std::move(option));
  for (auto& option : client_options()) {
    if (option.name == "--key") option.help += "; of sign: the key to sign with; of verify: a public key to know";
    all.push_back(std::move(option));
  }
  return all;
}

int print_list(const Arguments& arguments, const Plugins& plugins) {
  if (arguments.has("--json")) {
    std::cout << json{{"plugins", plugins.list}}.dump() << "\n";
    return done;
  }
  std::vector<Row> rows;
  for (const auto& one : plugins.list) {
    rows.push_back({text_at(one, "name"), text_at(one, "version", "-"), text_at(one, "state"),
                    text_at(one, "sha256", "-").substr(0, 12), party_of(one), text_at(one, "signed_by", "-"),
                    text_at(one, "reason", text_at(one, "summary"))});
    for (const auto& other : list_at(one, "refused"))
      rows.push_back({text_at(one, "name"), "-", "failed", "-", "third", "-", text_at(other, "reason")});
  }
  print_table({"PLUGIN", "VERSION", "STATE", "SHA256", "PARTY", "SIGNED BY", "SUMMARY"}, rows);
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

// enable, reload or unload: what a running host does with one of its plugins.
int care(const Arguments& arguments, const Client::Target& target) {
  const std::string& verb = arguments.rest()[0];
  const std::string& name = arguments.rest()[1];
  Client client(target);
  Client::Request request{"POST", "/plugins/" + service::percent_encode(name) + "/" + verb};
  if (verb == "unload" && arguments.has("--let-end")) {
    request.fields.emplace_back("Content-Type", "application/json");
    request.body = R"({"let_end":true})";
  }
  const auto answer = client.send(request);
  if (!answer) return report(answer.error());
  if (answer->status >= 400) return report_problem(*answer);
  const json plugin = json::parse(answer->body, nullptr, false);
  std::cout << name << " " << text_at(plugin, "version", "-") << " is " << text_at(plugin, "state") << "\n";
  return done;
}

bool is_care(const std::vector<std::string>& words) {
  return words.size() == 2 && (words[0] == "enable" || words[0] == "reload" || words[0] == "unload");
}

int run_plugin(const Arguments& arguments) {
  const auto& words = arguments.rest();
  if (!words.empty() && words[0] == "new") return plugin_new(arguments);
  if (is_signing(arguments)) return run_signing(arguments);
  const bool lists = words.size() == 1 && words[0] == "list";
  if (!lists && !is_care(words) && !(words.size() == 2 && words[0] == "info")) {
    std::cerr << "berth: plugin wants `list`, `info NAME`, `reload NAME`, `unload NAME`, `enable NAME`, `new NAME`, "
                 "`keygen FILE`, `sign NAME.so --key FILE` or `verify NAME.so`\n  see: berth plugin --help\n";
    return misused;
  }
  const auto target = target_of(arguments);
  if (!target) return report(target.error());
  if (is_care(words)) return care(arguments, *target);
  const Plugins plugins = plugins_of(arguments, *target);
  return lists ? print_list(arguments, plugins) : info(plugins, words[1]);
}

}  // namespace

Command plugin_command() {
  return {
      "plugin",
      "lists plugins, shows one, reloads and unloads them, begins a new one, signs and verifies them",
      "list|info NAME|reload NAME|unload NAME|enable NAME|new NAME|keygen FILE|sign NAME.so --key FILE|verify NAME.so "
      "[options]",
      "list and info ask the host and, if none answers, look at the files; which of the two is said on standard "
      "error.\nreload loads a plugin from disk again, or for the first time: the new one is tried, then takes the "
      "place "
      "of the old one, which\nends the calls and jobs that it has; if it fails, the old one stays. unload takes one "
      "out until it is reloaded, unless calls\nor jobs hold it. enable starts a plugin again that died too often and "
      "was stopped.\n"
      "new writes a complete plugin: sources, a test, a scenario, a README and a file for CI.\n"
      "keygen makes an Ed25519 key: FILE to sign with, and FILE.pub for those who verify. sign writes "
      "NAME.berth.sig beside the\nplugin. verify exits with 0 if a known key signed it and the library is the one "
      "that was signed, otherwise with 1 and the\nreason.\n\n"
      "  berth plugin list\n"
      "  berth plugin info clock\n"
      "  berth plugin new hello --kind call,stream\n"
      "  berth plugin keygen vendor\n"
      "  berth plugin sign build/hello.so --key vendor\n"
      "  berth plugin verify build/hello.so --key vendor.pub\n",
      options(),
      run_plugin};
}

}  // namespace berth::command

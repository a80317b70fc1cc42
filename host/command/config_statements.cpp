// auth, limits, plugins, plugin_folder, plugin, log; and the table of all statements.
#include "command/config_statements.hpp"

#include <algorithm>
#include <filesystem>

#include "loader/field_reader.hpp"

namespace berth::command {

namespace fs = std::filesystem;
using nlohmann::json;
using Values = std::vector<json>;

namespace {

std::string auth(Config& config, const Statement&, const Values& arguments) {
  if (arguments.size() != 1 || !arguments[0].is_boolean()) return "auth wants true or false: auth(false)";
  config.edge.auth = arguments[0].get<bool>();
  return "";
}

std::string limits(Config& config, const Statement& statement, const Values& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "limits wants a table: limits { body = \"10MiB\" }";
  read_limits(config, statement, *given);
  return "";
}

std::string plugins(Config& config, const Statement&, const Values& arguments) {
  if (arguments.size() != 1 || (arguments[0] != "listed" && arguments[0] != "all"))
    return "plugins wants \"all\" or \"listed\"";
  config.only_listed = arguments[0] == "listed";
  return "";
}

std::string plugin_folder(Config& config, const Statement& statement, const Values& arguments) {
  std::vector<std::string> folders;
  auto wrong = read_texts(folders, "plugin_folder", arguments);
  for (const auto& folder : folders) {
    config.plugin_folders.push_back(resolved(statement, folder));
    std::error_code none;
    if (!fs::is_directory(config.plugin_folders.back(), none))
      statement.complain(config.plugin_folders.back() + " is no folder");
  }
  return wrong;
}

// plugin "name", or plugin("name", { … }); or with a third argument what follows the first.
std::string plugin(Config& config, const Statement& statement, const Values& arguments) {
  if (arguments.empty() || arguments.size() > 3 || !arguments[0].is_string())
    return "plugin wants a name: plugin \"clock\" { … }";
  const auto& name = arguments[0].get_ref<const std::string&>();
  const auto [at, fresh] = config.plugins.try_emplace(name);
  PluginChoice& choice = at->second;
  if (fresh) choice.where = statement.where();
  if (!fresh && arguments.size() < 3) return "the plugin \"" + name + "\" is named twice; first in " + choice.where;
  if (fresh && !loader::is_word(name)) statement.complain("\"" + name + "\" is no plugin's name: a-z 0-9 _");
  if (arguments.size() == 1) return "";
  const json& given = arguments[1];
  if (!given.is_object()) return "plugin wants a table after its name: plugin \"clock\" { enabled = true }";
  std::vector<std::string> known{"enabled", "file", "config", "services", "scopes", "secrets", "jail"};
  for (auto& setting : process_names()) known.push_back(std::move(setting));
  statement.check_keys(given, known);
  read_process(choice, statement, given);
  read_grants(choice, statement, given);
  read_own_jail(choice, statement, given);
  read_secrets(choice, statement, given);
  choice.enabled = statement.boolean(given, "enabled", true);
  choice.file = readable(statement, given, "file");
  if (given.contains("config")) choice.config = given["config"];
  if (!choice.config.is_object()) statement.complain("config wants a table with names", "config");
  return "";
}

std::string log(Config& config, const Statement& statement, const Values& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "log wants a table: log { level = \"info\", format = \"auto\", requests = true }";
  statement.check_keys(*given, {"level", "format", "requests"});
  static const std::vector<std::string> levels{"debug", "info", "warn", "error"};
  if (given->contains("level")) {
    const auto at = std::find(levels.begin(), levels.end(), statement.text(*given, "level"));
    if (at == levels.end())
      statement.complain("level must be debug, info, warn or error", "level");
    else
      config.log.least = static_cast<service::Level>(at - levels.begin());
  }
  if (given->contains("format")) {
    const std::string format = statement.text(*given, "format");
    if (format == "json" || format == "text")
      config.log_json = format == "json";
    else if (format != "auto")
      statement.complain("format must be json, text or auto", "format");
  }
  config.log_requests = statement.boolean(*given, "requests", true);
  return "";
}

}  // namespace

const std::map<std::string, StatementFunction>& config_statements() {
  static const std::map<std::string, StatementFunction> all{
      {"listen", read_listen},
      {"hosts", read_hosts},
      {"origins", read_origins},
      {"auth", auth},
      {"token", read_token},
      {"limits", limits},
      {"plugins", plugins},
      {"plugin_folder", plugin_folder},
      {"plugin", plugin},
      {"trust", read_trust},
      {"policy", read_policy},
      {"policies", read_policies},
      {"log", log},
      {"events", read_events},
      {"jobs", read_jobs},
      {"jail", read_jail},
      {"sessions", read_sessions},
  };
  return all;
}

const StatementFunction* plugin_statement() { return &config_statements().at("plugin"); }

}  // namespace berth::command

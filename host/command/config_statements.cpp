// listen, hosts, origins, auth, token, limits, plugins, plugin_folder, plugin, policy, log.
#include "command/config_statements.hpp"

#include <algorithm>
#include <filesystem>

#include "service/text.hpp"

namespace berth::command {

namespace fs = std::filesystem;
using nlohmann::json;
using Arguments = std::vector<json>;

namespace {

std::string listen(Config& config, const Statement& statement, const Arguments& arguments) {
  if (arguments.size() != 1) return "listen wants one address or one table";
  edge::Listen one{{}, std::nullopt, statement.where()};
  const json& given = arguments[0];
  if (given.is_string()) {
    one.address = given.get<std::string>();
  } else if (given.is_array() && given.size() == 1 && given[0].is_string()) {
    one.address = given[0].get<std::string>();
  } else if (given.is_object() && given.contains("") && given[""].size() == 1 && given[""][0].is_string()) {
    one.address = given[""][0].get<std::string>();
    statement.check_keys(given, {"", "tls"});
    if (given.contains("tls")) {
      const json& tls = given["tls"];
      if (!tls.is_object()) return "tls wants a table: { cert = …, key = … }";
      statement.check_keys(tls, {"cert", "key", "client_ca"});
      one.tls = edge::TlsFiles{readable(statement, tls, "cert"), readable(statement, tls, "key"), std::nullopt};
      if (one.tls->cert.empty() || one.tls->key.empty()) statement.complain("tls wants cert and key", "tls");
      if (tls.contains("client_ca")) one.tls->client_ca = readable(statement, tls, "client_ca");
    }
  } else {
    return "listen wants an address: listen \"127.0.0.1:8888\" or listen { \"0.0.0.0:8443\", tls = { cert = …, key = … "
           "} }";
  }
  if (auto wrong = bad_address(one.address); !wrong.empty()) return wrong;
  if (one.address.starts_with("unix:")) {
    if (one.tls) return "a Unix socket has no use for tls";
    one.address = "unix:" + resolved(statement, one.address.substr(5));
  }
  config.edge.listens.push_back(std::move(one));
  return "";
}

// hosts "a", hosts { "a", "b" }
std::string texts(std::vector<std::string>& into, const char* what, const Arguments& arguments) {
  const std::string wrong = std::string(what) + " wants texts: " + what + " { \"…\", \"…\" }";
  if (arguments.size() != 1) return wrong;
  json list = arguments[0];
  if (list.is_string()) list = json::array({list});
  if (list.is_object() && list.empty()) return "";
  if (!list.is_array()) return wrong;
  for (const auto& one : list) {
    if (!one.is_string() || one.get_ref<const std::string&>().empty()) return wrong;
    into.push_back(one);
  }
  return "";
}

std::string origins(Config& config, const Statement& statement, const Arguments& arguments) {
  const std::size_t before = config.edge.origins.size();
  auto wrong = texts(config.edge.origins, "origins", arguments);
  for (std::size_t i = before; i < config.edge.origins.size(); ++i) {
    const std::string& origin = config.edge.origins[i];
    const auto scheme = origin.find("://");
    if (scheme == std::string::npos || origin.find('/', scheme + 3) != std::string::npos) {
      statement.complain("\"" + origin + "\" is no origin; write https://NAME or https://NAME:PORT");
    }
  }
  return wrong;
}

std::string auth(Config& config, const Statement&, const Arguments& arguments) {
  if (arguments.size() != 1 || !arguments[0].is_boolean()) return "auth wants true or false: auth(false)";
  config.edge.auth = arguments[0].get<bool>();
  return "";
}

std::string limits(Config& config, const Statement& statement, const Arguments& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "limits wants a table: limits { body = \"10MiB\" }";
  read_limits(config, statement, *given);
  return "";
}

std::string plugins(Config& config, const Statement&, const Arguments& arguments) {
  if (arguments.size() != 1 || (arguments[0] != "listed" && arguments[0] != "all"))
    return "plugins wants \"all\" or \"listed\"";
  config.only_listed = arguments[0] == "listed";
  return "";
}

std::string plugin_folder(Config& config, const Statement& statement, const Arguments& arguments) {
  std::vector<std::string> folders;
  auto wrong = texts(folders, "plugin_folder", arguments);
  for (const auto& folder : folders) {
    config.plugin_folders.push_back(resolved(statement, folder));
    std::error_code none;
    if (!fs::is_directory(config.plugin_folders.back(), none))
      statement.complain(config.plugin_folders.back() + " is no folder");
  }
  return wrong;
}

std::string plugin(Config& config, const Statement& statement, const Arguments& arguments) {
  if (arguments.empty() || arguments.size() > 2 || !arguments[0].is_string())
    return "plugin wants a name: plugin \"clock\" { … }";
  PluginChoice& choice = config.plugins[arguments[0].get<std::string>()];
  if (choice.where.empty())
    choice.where = statement.where();
  else if (arguments.size() == 1)
    return "the plugin \"" + arguments[0].get<std::string>() + "\" is named twice; first in " + choice.where;
  if (arguments.size() == 1) return "";
  const json& given = arguments[1];
  if (!given.is_object()) return "plugin wants a table after its name: plugin \"clock\" { enabled = true }";
  statement.check_keys(given, {"enabled", "file", "config"});
  choice.enabled = statement.boolean(given, "enabled", true);
  choice.file = readable(statement, given, "file");
  if (given.contains("config")) choice.config = given["config"];
  if (!choice.config.is_object()) statement.complain("config wants a table with names", "config");
  return "";
}

std::string log(Config& config, const Statement& statement, const Arguments& arguments) {
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
      {"listen", listen},
      {"hosts", [](Config& config, const Statement&,
                   const Arguments& arguments) { return texts(config.edge.hosts, "hosts", arguments); }},
      {"origins", origins},
      {"auth", auth},
      {"token", read_token},
      {"limits", limits},
      {"plugins", plugins},
      {"plugin_folder", plugin_folder},
      {"plugin", plugin},
      {"policy", read_policy},
      {"log", log},
  };
  return all;
}

const StatementFunction* plugin_statement() { return &config_statements().at("plugin"); }

std::string bad_address(const std::string& address) {
  if (address.starts_with("unix:")) return address.size() > 5 ? "" : "unix: wants a path";
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0)
    return "\"" + address + "\" is no address; write HOST:PORT, [IPV6]:PORT or unix:PATH";
  const std::string port = address.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoul(port) > 65535) return "\"" + port + "\" is no port";
  const std::string host = address.substr(0, colon);
  if (host.find(':') != std::string::npos && !(host.starts_with('[') && host.ends_with(']')))
    return "write an IPv6 address as [ADDRESS]:PORT";
  return "";
}

bool reaches_beyond_this_machine(const std::string& address) {
  return !(address.starts_with("unix:") || address.starts_with("127.") || address.starts_with("[::1]:") ||
           address.starts_with("localhost:"));
}

void finish_config(Config& config, const std::string& file, std::vector<std::string>& errors) {
  if (config.edge.listens.empty()) config.edge.listens.push_back({"127.0.0.1:8888", std::nullopt, file});
  if (config.edge.auth) return;
  for (const auto& one : config.edge.listens) {
    if (reaches_beyond_this_machine(one.address))
      errors.push_back(one.where + ": " + one.address +
                       " reaches beyond this machine and so needs tokens; remove auth(false)");
  }
}

}  // namespace berth::command

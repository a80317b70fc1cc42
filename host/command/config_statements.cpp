// listen, hosts, origins, auth, token, limits, plugins, plugin_folder, plugin, policy, log.
#include "command/config_statements.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

namespace fs = std::filesystem;
using nlohmann::json;
using Arguments = std::vector<json>;

namespace {

const std::string& file_of(const Statement& statement, std::string& room) {
  room = statement.where();
  room.resize(room.rfind(':'));
  return room;
}

// Relative to the folder of the file that names it.
std::string resolved(const Statement& statement, const std::string& path) {
  std::string room;
  if (path.empty() || fs::path(path).is_absolute()) return path;
  return (fs::absolute(file_of(statement, room)).parent_path() / path).lexically_normal().string();
}

std::string readable(const Statement& statement, const json& object, const char* key) {
  const std::string path = resolved(statement, statement.text(object, key));
  if (!path.empty() && ::access(path.c_str(), R_OK) != 0) statement.complain(std::string(key) + ": " + path + " cannot be read", key);
  return path;
}

const json* only_table(const Arguments& arguments) {
  return arguments.size() == 1 && arguments[0].is_object() ? &arguments[0] : nullptr;
}

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
    return "listen wants an address: listen \"127.0.0.1:8888\" or listen { \"0.0.0.0:8443\", tls = { cert = …, key = … } }";
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

std::string secret_of(const Statement& statement, const json& given) {
  std::string secret;
  if (given.contains("secret_file")) {
    const std::string path = readable(statement, given, "secret_file");
    const auto text = service::read_file(path, 4096);
    if (text) secret = *text;
  } else if (given.contains("secret_env")) {
    const std::string name = statement.text(given, "secret_env");
    const char* value = std::getenv(name.c_str());
    if (value) secret = value;
    else statement.complain("the environment has no " + name, "secret_env");
  }
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  return secret;
}

std::string token(Config& config, const Statement& statement, const Arguments& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "token wants a table: token { name = …, scope = …, secret_file = … }";
  statement.check_keys(*given, {"name", "scope", "session", "sha256", "secret_file", "secret_env", "expires"});
  session::Token one;
  one.name = statement.text(*given, "name");
  if (one.name.empty() || one.name == "root") return "a token wants a name other than \"root\"";
  const auto scope = session::parse_scope(given->contains("scope") ? statement.text(*given, "scope") : "read");
  if (!scope) return "scope must be \"read\", \"run\" or \"admin\"";
  one.scope = *scope;
  if (given->contains("session")) one.session = statement.text(*given, "session");
  one.expires = statement.text(*given, "expires");
  const int ways = int(given->contains("sha256")) + int(given->contains("secret_file")) + int(given->contains("secret_env"));
  if (ways != 1) return "a token wants one of sha256, secret_file and secret_env";
  one.sha256 = statement.text(*given, "sha256");
  if (one.sha256.empty()) {
    const std::string secret = secret_of(statement, *given);
    if (secret.size() < 16) return "a token's secret has 16 characters or more";
    one.sha256 = service::hex(service::sha256(secret));
  }
  const bool hex = one.sha256.size() == 64 && one.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hex) return "sha256 wants 64 digits of 0-9 a-f";
  for (const auto& other : config.tokens) {
    if (other.name == one.name) return "there is another token named \"" + one.name + "\"";
  }
  config.tokens.push_back(std::move(one));
  return "";
}

std::string limits(Config& config, const Statement& statement, const Arguments& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "limits wants a table: limits { body = \"10MiB\" }";
  read_limits(config, statement, *given);
  return "";
}

std::string plugins(Config& config, const Statement&, const Arguments& arguments) {
  if (arguments.size() != 1 || (arguments[0] != "listed" && arguments[0] != "all")) return "plugins wants \"all\" or \"listed\"";
  config.only_listed = arguments[0] == "listed";
  return "";
}

std::string plugin_folder(Config& config, const Statement& statement, const Arguments& arguments) {
  std::vector<std::string> folders;
  auto wrong = texts(folders, "plugin_folder", arguments);
  for (const auto& folder : folders) {
    config.plugin_folders.push_back(resolved(statement, folder));
    std::error_code none;
    if (!fs::is_directory(config.plugin_folders.back(), none)) statement.complain(config.plugin_folders.back() + " is no folder");
  }
  return wrong;
}

std::string plugin(Config& config, const Statement& statement, const Arguments& arguments) {
  if (arguments.empty() || arguments.size() > 2 || !arguments[0].is_string()) return "plugin wants a name: plugin \"clock\" { … }";
  PluginChoice& choice = config.plugins[arguments[0].get<std::string>()];
  if (choice.where.empty()) choice.where = statement.where();
  else if (arguments.size() == 1) return "the plugin \"" + arguments[0].get<std::string>() + "\" is named twice; first in " + choice.where;
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

bool read_rate(const std::string& text, double& per_second) {
  const auto slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || text.find_first_not_of("0123456789.") != slash) return false;
  const double count = std::atof(text.substr(0, slash).c_str());
  const std::string unit = text.substr(slash + 1);
  const double seconds = unit == "s" ? 1 : unit == "min" ? 60 : unit == "h" ? 3600 : 0;
  if (count <= 0 || seconds == 0) return false;
  per_second = count / seconds;
  return true;
}

std::string policy(Config& config, const Statement& statement, const Arguments& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "policy wants a table: policy { match = \"clock.*\", deny = \"…\" }";
  statement.check_keys(*given, {"match", "deny", "scope", "rate", "burst"});
  policy::Rule rule;
  rule.where = statement.where();
  if (given->contains("match")) rule.match = statement.text(*given, "match");
  rule.deny = statement.text(*given, "deny");
  const int verdicts = int(given->contains("deny")) + int(given->contains("scope")) + int(given->contains("rate"));
  if (verdicts != 1) return "a policy wants one of deny, scope and rate";
  if (given->contains("scope")) {
    rule.scope = session::parse_scope(statement.text(*given, "scope"));
    if (!rule.scope) statement.complain("scope must be \"read\", \"run\" or \"admin\"", "scope");
  }
  if (given->contains("deny") && rule.deny.empty()) statement.complain("deny wants the reason as a text", "deny");
  if (given->contains("rate") && !read_rate(statement.text(*given, "rate"), rule.per_second)) {
    statement.complain("rate must be a count for each s, min or h, such as \"10/s\"", "rate");
  }
  rule.burst = std::max(1.0, rule.per_second);
  if (given->contains("burst")) {
    if ((*given)["burst"].is_number() && (*given)["burst"].get<double>() >= 1) rule.burst = (*given)["burst"];
    else statement.complain("burst must be a number from 1", "burst");
  }
  config.rules.push_back(std::move(rule));
  return "";
}

std::string log(Config& config, const Statement& statement, const Arguments& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "log wants a table: log { level = \"info\", format = \"auto\", requests = true }";
  statement.check_keys(*given, {"level", "format", "requests"});
  static const std::vector<std::string> levels{"debug", "info", "warn", "error"};
  if (given->contains("level")) {
    const auto at = std::find(levels.begin(), levels.end(), statement.text(*given, "level"));
    if (at == levels.end()) statement.complain("level must be debug, info, warn or error", "level");
    else config.log.least = static_cast<service::Level>(at - levels.begin());
  }
  if (given->contains("format")) {
    const std::string format = statement.text(*given, "format");
    if (format == "json" || format == "text") config.log_json = format == "json";
    else if (format != "auto") statement.complain("format must be json, text or auto", "format");
  }
  config.log_requests = statement.boolean(*given, "requests", true);
  return "";
}

}  // namespace

const std::map<std::string, StatementFunction>& config_statements() {
  static const std::map<std::string, StatementFunction> all{
      {"listen", listen},
      {"hosts", [](Config& config, const Statement&, const Arguments& arguments) { return texts(config.edge.hosts, "hosts", arguments); }},
      {"origins", origins},
      {"auth", auth},
      {"token", token},
      {"limits", limits},
      {"plugins", plugins},
      {"plugin_folder", plugin_folder},
      {"plugin", plugin},
      {"policy", policy},
      {"log", log},
  };
  return all;
}

const StatementFunction* plugin_statement() { return &config_statements().at("plugin"); }

std::string bad_address(const std::string& address) {
  if (address.starts_with("unix:")) return address.size() > 5 ? "" : "unix: wants a path";
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) return "\"" + address + "\" is no address; write HOST:PORT, [IPV6]:PORT or unix:PATH";
  const std::string port = address.substr(colon + 1);
  const bool digits = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoul(port) > 65535) return "\"" + port + "\" is no port";
  const std::string host = address.substr(0, colon);
  if (host.find(':') != std::string::npos && !(host.starts_with('[') && host.ends_with(']'))) return "write an IPv6 address as [ADDRESS]:PORT";
  return "";
}

bool reaches_beyond_this_machine(const std::string& address) {
  return !(address.starts_with("unix:") || address.starts_with("127.") || address.starts_with("[::1]:") || address.starts_with("localhost:"));
}

void finish_config(Config& config, const std::string& file, std::vector<std::string>& errors) {
  if (config.edge.listens.empty()) config.edge.listens.push_back({"127.0.0.1:8888", std::nullopt, file});
  if (config.edge.auth) return;
  for (const auto& one : config.edge.listens) {
    if (reaches_beyond_this_machine(one.address)) errors.push_back(one.where + ": " + one.address + " reaches beyond this machine and so needs tokens; remove auth(false)");
  }
}

}  // namespace berth::command

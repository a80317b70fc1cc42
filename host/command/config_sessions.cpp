// sessions { … }: how many there may be, for how long, and what each may use. A limit is a value, or a value and the
// most that POST /sessions may ask for: memory = { "500MB", most = "2GB" }.
#include <algorithm>
#include <filesystem>

#include "command/config_numbers.hpp"
#include "command/config_statements.hpp"
#include "session/limits.hpp"

namespace berth::command {

using nlohmann::json;
using session::LimitSetting;

namespace {

constexpr std::size_t most_aliases = 16;
constexpr double year = 365 * 86'400;

struct Stated {
  std::optional<double> standard, most;
};

std::optional<double> read_value(const Statement& statement, const LimitSetting& setting, const char* name,
                                 const json& given) {
  const auto value = setting.parse(given);
  if (value && *value >= setting.least && *value <= setting.most) return value;
  statement.complain(std::string(name) + " must be from " + setting.words(setting.least) + " to " +
                         setting.words(setting.most) + ", such as " + setting.example() + ", not " + given.dump(),
                     name);
  return std::nullopt;
}

// A value, { value }, { value, most = value } or { most = value }.
Stated read_pair(const Statement& statement, const json& object, const LimitSetting& setting, const char* name) {
  const auto at = object.find(name);
  if (at == object.end()) return {};
  json standard = *at, most;
  if (at->is_object()) {
    standard = at->value("", json());
    most = at->value("most", json());
    for (const auto& [key, value] : at->items()) {
      if (!key.empty() && key != "most")
        statement.complain(std::string(name) + " has a value and most, and no \"" + key + "\"", name);
    }
  }
  if (standard.is_array() && standard.size() == 1) standard = json(standard.front());
  Stated pair;
  if (!standard.is_null()) pair.standard = read_value(statement, setting, name, standard);
  if (!most.is_null()) pair.most = read_value(statement, setting, name, most);
  if (pair.standard && pair.most && *pair.standard > *pair.most)
    statement.complain(std::string(name) + ": " + setting.words(*pair.standard) + " is more than its most", name);
  if (pair.standard && most.is_null()) pair.most = pair.standard;
  return pair;
}

void read_limit(session::Settings& settings, const Statement& statement, const json& given, const LimitSetting& setting,
                const char* name) {
  const Stated pair = read_pair(statement, given, setting, name);
  if (pair.standard) setting.put(settings.limits, *pair.standard);
  if (!pair.most) return;
  setting.put(settings.most_limits, *pair.most);
  const double standard = setting.of(settings.limits);
  if (standard == 0 || standard > *pair.most) setting.put(settings.limits, *pair.most);  // 0: it was without
}

const json* table_at(const Statement& statement, const json& given, const char* name) {
  const auto at = given.find(name);
  if (at == given.end()) return nullptr;
  if (at->is_object()) return &*at;
  statement.complain(std::string(name) + " wants a table with names", name);
  return nullptr;
}

// Where nothing of the system is in the way, nor the workspace itself.
bool good_alias(const std::string& path) {
  static const std::vector<std::string> taken{"workspace", "usr", "etc",  "opt",  "var",   "bin",   "sbin",
                                              "lib",       "dev", "proc", "sys",  "tmp",   "lib32", "lib64",
                                              "libx32",    "run", "root", "boot", ".berth"};
  const std::filesystem::path whole(path);
  if (!whole.is_absolute() || whole != whole.lexically_normal() || path.ends_with('/') || path.size() > 200)
    return false;
  if (std::any_of(path.begin(), path.end(), [](unsigned char c) { return c <= ' ' || c == 0x7f; })) return false;
  return std::find(taken.begin(), taken.end(), (++whole.begin())->string()) == taken.end();
}

void check_aliases(const Statement& statement, const std::vector<std::string>& aliases) {
  if (aliases.size() > most_aliases) statement.complain("there are at most 16 aliases", "aliases");
  for (const auto& alias : aliases) {
    const std::string name = "aliases: \"" + alias + "\" ";
    if (!good_alias(alias))
      statement.complain(name + "cannot be another name of /workspace; take one such as /mnt/work", "aliases");
    if (std::count(aliases.begin(), aliases.end(), alias) > 1)
      statement.complain(name + "stands there twice", "aliases");
    // What is there is the workspace's, and has no room for it.
    const auto outer =
        std::find_if(aliases.begin(), aliases.end(), [&](const auto& other) { return alias.starts_with(other + "/"); });
    if (outer != aliases.end()) statement.complain(name + "lies within \"" + *outer + "\"", "aliases");
  }
}

void read_workspace(session::Settings& settings, const Statement& statement, const json& given) {
  statement.check_keys(given, {"quota", "aliases"});
  const auto& all = session::limit_settings();
  const auto disk =
      std::find_if(all.begin(), all.end(), [](const auto& one) { return one.name == std::string("disk"); });
  read_limit(settings, statement, given, *disk, "quota");
  if (!given.contains("aliases")) return;
  std::vector<std::string> aliases;
  if (auto wrong = read_texts(aliases, "aliases", {given["aliases"]}); !wrong.empty())
    return statement.complain(wrong, "aliases");
  check_aliases(statement, aliases);
  settings.aliases = std::move(aliases);
}

void read_network(session::Settings& settings, const Statement& statement, const json& given) {
  const std::string network = given.contains("network") && given["network"].is_string() ? given["network"] : json("");
  if (network == "none")
    settings.network = jail::Network::none;
  else if (network == "loopback")
    settings.network = jail::Network::loopback;
  else if (network == "proxy")
    settings.network = jail::Network::proxy;
  else if (given.contains("network"))
    statement.complain("network must be \"none\", \"loopback\" or \"proxy\"", "network");
  if (given.contains("allow") && network != "proxy")
    return statement.complain("allow is for network = \"proxy\", which goes nowhere else", "allow");
  if (!given.contains("allow") && network == "proxy")
    return statement.complain("network = \"proxy\" wants allow = { \"wiki.example\" }: the names that may be reached",
                              "network");
  if (network == "proxy") read_allow(settings.allow, statement, given["allow"]);
}

void read_ttl(session::Settings& settings, const Statement& statement, const json& given) {
  const LimitSetting time{"ttl", LimitSetting::Measure::time, 1, year, &session::Limits::cpu_time};
  const Stated pair = read_pair(statement, given, time, "ttl");
  const auto seconds = [](double value) { return std::chrono::seconds(static_cast<std::int64_t>(value)); };
  if (pair.standard) settings.ttl = seconds(*pair.standard);
  // Without a word of the most, a session may ask for more time than others, within bounds.
  const bool said = given.contains("ttl") && given["ttl"].is_object() && given["ttl"].contains("most");
  if (said && pair.most) settings.most_ttl = seconds(*pair.most);
  if (said)
    settings.ttl = std::min(settings.ttl, settings.most_ttl);
  else
    settings.most_ttl = std::max(settings.ttl, settings.most_ttl);
}

}  // namespace

std::string read_sessions(Config& config, const Statement& statement, const std::vector<json>& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "sessions wants a table: sessions { most = 100, ttl = \"1h\" }";
  session::Settings& settings = config.sessions;
  statement.check_keys(*given, {"most", "ttl", "workspace", "limits", "network", "allow"});
  if (const auto most = read_number(statement, *given, {"most", Unit::count, 0, 100'000}))
    settings.most = static_cast<std::uint32_t>(*most);
  read_ttl(settings, statement, *given);
  read_network(settings, statement, *given);
  if (const json* workspace = table_at(statement, *given, "workspace")) read_workspace(settings, statement, *workspace);
  const json* limits = table_at(statement, *given, "limits");
  if (!limits) return "";
  std::vector<std::string> names;
  for (const auto& one : session::limit_settings()) {
    if (one.name == std::string("disk")) continue;  // that is the workspace's quota
    names.emplace_back(one.name);
    read_limit(settings, statement, *limits, one, one.name);
  }
  statement.check_keys(*limits, names);
  return "";
}

}  // namespace berth::command

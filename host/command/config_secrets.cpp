// plugin "x" { secrets = { key = { file = "…" } | { env = "NAME" } | { command = { "prog", "arg" } } } }; and what is
// kept of events and jobs.
#include <algorithm>
#include <string>
#include <vector>

#include "command/config_numbers.hpp"
#include "command/config_statements.hpp"
#include "loader/field_reader.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

constexpr NumberSetting keep{"keep", Unit::count, 0, 1'000'000}, bytes{"bytes", Unit::bytes, 0, 16ull << 30},
    time_kept{"time", Unit::time, 0, 365 * 86'400'000ull};

bool is_text(const json& given) { return given.is_string() && !given.get_ref<const std::string&>().empty(); }

bool is_command(const json& given) {
  return given.is_array() && !given.empty() &&
         std::all_of(given.begin(), given.end(), [](const json& one) { return is_text(one); });
}

void read_secret(service::SecretSource& source, const Statement& statement, const json& given,
                 const std::string& name) {
  const auto wrong = [&] {
    statement.complain(
        "the secret " + name + " wants one of { file = \"/…\" }, { env = \"NAME\" }, { command = { \"…\" } }", name);
  };
  if (!given.is_object() || given.size() != 1) return wrong();
  const std::string kind = given.begin().key();
  const json& value = given.begin().value();
  if (kind == "command" && is_command(value))
    source.command = value.get<std::vector<std::string>>();
  else if (kind == "file" && is_text(value))
    source.file = resolved(statement, value.get<std::string>());
  else if (kind == "env" && is_text(value) && value.get_ref<const std::string&>().find('=') == std::string::npos)
    source.env = value.get<std::string>();
  else
    wrong();
}

}  // namespace

void read_secrets(PluginChoice& choice, const Statement& statement, const json& given) {
  if (!given.contains("secrets")) return;
  const json& secrets = given["secrets"];
  if (!secrets.is_object())
    return statement.complain("secrets wants a table: secrets = { api_key = { file = \"/etc/key\" } }", "secrets");
  for (const auto& [name, source] : secrets.items()) {
    if (!loader::is_word(name)) statement.complain("\"" + name + "\" is no secret's name: a-z 0-9 _", "secrets");
    read_secret(choice.secrets[name], statement, source, name);
  }
}

std::string read_events(Config& config, const Statement& statement, const std::vector<json>& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "events wants a table: events { keep = 10000, bytes = \"16MiB\" }";
  statement.check_keys(*given, {"keep", "bytes"});
  if (const auto value = read_number(statement, *given, keep)) config.events.events = *value;
  if (const auto value = read_number(statement, *given, bytes)) config.events.bytes = *value;
  return "";
}

std::string read_jobs(Config& config, const Statement& statement, const std::vector<json>& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "jobs wants a table: jobs { keep = 1000, bytes = \"64MiB\", time = \"1h\" }";
  statement.check_keys(*given, {"keep", "bytes", "time"});
  if (const auto value = read_number(statement, *given, keep)) config.jobs.count = *value;
  if (const auto value = read_number(statement, *given, bytes)) config.jobs.bytes = *value;
  if (const auto value = read_number(statement, *given, time_kept))
    config.jobs.time = std::chrono::milliseconds(*value);
  return "";
}

}  // namespace berth::command

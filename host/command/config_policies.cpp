// policies { "budget", { file = "my.lua", settings = { … } } }: which there are, in the order in which they are asked.
#include <algorithm>
#include <filesystem>

#include "command/config_numbers.hpp"
#include "command/config_statements.hpp"
#include "command/policy_files.hpp"
#include "loader/field_reader.hpp"
#include "policy/syntax.hpp"
#include "service/files.hpp"

namespace berth::command {

namespace fs = std::filesystem;
using nlohmann::json;
using Values = std::vector<json>;

namespace {

constexpr std::size_t most_policies = 64;
constexpr NumberSetting policy_deadline{"deadline", Unit::time, 1, 10 * second},
    policy_memory{"memory", Unit::bytes, mib, gib};

// { "budget", … } or { file = … }: where its text is. Empty: nowhere, which was complained of.
std::string policy_file(const Statement& statement, const json& given) {
  const auto plain = given.find("");
  std::string name;
  if (plain != given.end() && plain->size() == 1 && (*plain)[0].is_string())
    name = (*plain)[0];
  else if (plain != given.end())
    statement.complain("a policy has one name or file");
  if (given.contains("file")) {
    if (!name.empty()) statement.complain("a policy has a name or a file, not both", "file");
    return resolved(statement, statement.text(given, "file"));
  }
  if (name.find('/') != std::string::npos) return resolved(statement, name);
  if (name.empty()) {
    statement.complain("a policy wants its name, or file = \"…\"");
    return {};
  }
  return library_policy(name);
}

void take_text(policy::Chosen& chosen, const Statement& statement, const std::string& file) {
  auto text = service::read_regular_file(file, policy::most_text);
  if (!text) {
    statement.complain("policies: " + text.error().message);
    return;
  }
  chosen.source.text = std::move(*text);
  if (const auto wrong = policy::syntax_error(chosen.source.name, chosen.source.text))
    statement.complain("policies: " + *wrong);
}

void read_one(Config& config, const Statement& statement, const json& given) {
  statement.check_keys(given, {"", "file", "name", "settings", "scope"});
  policy::Chosen chosen;
  const std::string file = policy_file(statement, given);
  if (file.empty()) return;
  chosen.where = statement.where();
  chosen.source.name = given.contains("name") ? statement.text(given, "name") : fs::path(file).stem().string();
  if (!loader::is_word(chosen.source.name))
    return statement.complain("\"" + chosen.source.name + "\" is no policy's name: a-z 0-9 _; name = \"…\" gives one");
  auto& all = config.policies.all;
  const auto same = [&](const policy::Chosen& other) { return other.source.name == chosen.source.name; };
  if (std::any_of(all.begin(), all.end(), same))
    return statement.complain("there is another policy named \"" + chosen.source.name +
                              "\"; name = \"…\" gives it one");
  if (given.contains("settings")) {
    if (given["settings"].is_object())
      chosen.source.settings = given["settings"].dump();
    else
      statement.complain("settings wants a table with names", "settings");
  }
  if (given.contains("scope")) {
    const auto scope = session::parse_scope(statement.text(given, "scope"));
    if (!scope) statement.complain("scope must be \"read\", \"run\" or \"admin\"", "scope");
    chosen.scope = scope.value_or(session::Scope::read);
  }
  take_text(chosen, statement, file);
  all.push_back(std::move(chosen));
}

}  // namespace

std::string read_policies(Config& config, const Statement& statement, const Values& arguments) {
  const char* wrong = "policies wants a list: policies { \"budget\", { file = \"my.lua\" } }";
  if (arguments.size() != 1 || !arguments[0].is_structured()) return wrong;
  json list = arguments[0];
  if (list.is_object()) {
    statement.check_keys(list, {"", "deadline", "memory"});
    if (const auto value = read_number(statement, list, policy_deadline))
      config.policies.deadline = std::chrono::milliseconds(*value);
    if (const auto value = read_number(statement, list, policy_memory)) config.policies.memory = *value;
    list = list.value("", json::array());
  }
  for (const auto& one : list) {
    if (config.policies.all.size() >= most_policies) return "there are at most 64 policies";
    if (one.is_string())
      read_one(config, statement, json{{"", json::array({one})}});
    else if (one.is_array())
      read_one(config, statement, json{{"", one}});
    else if (one.is_object())
      read_one(config, statement, one);
    else
      return wrong;
  }
  return "";
}

}  // namespace berth::command

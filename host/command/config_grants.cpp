// plugin "x" { services = { … }, scopes = { … } }: what a plugin is lent, and what it may call.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "command/config_statements.hpp"
#include "loader/services/catalogue.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

// A list of texts; null, and a complaint, if it is none.
std::optional<std::vector<std::string>> texts(const Statement& statement, const json& given, const char* key,
                                              const char* example) {
  const json& list = given[key];
  const bool empty = list.is_object() && list.empty();  // {} in Lua is both
  const bool good = empty || (list.is_array() &&
                              std::all_of(list.begin(), list.end(), [](const json& one) { return one.is_string(); }));
  if (!good) {
    statement.complain(std::string(key) + " wants a list: " + key + " = " + example, key);
    return std::nullopt;
  }
  return empty ? std::vector<std::string>() : list.get<std::vector<std::string>>();
}

bool is_glob(const std::string& text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.*") == std::string::npos;
}

void read_scopes(PluginChoice& choice, const Statement& statement, const json& given) {
  auto scopes = texts(statement, given, "scopes", "{ \"read\", \"clock.*\" }");
  if (!scopes) return;
  for (const auto& one : *scopes) {
    if (one == "open" || !is_glob(one))
      statement.complain("\"" + one + "\" is neither read, run or admin nor the name of operations, such as clock.*",
                         "scopes");
  }
  choice.grants.scopes = std::move(scopes);
}

}  // namespace

void read_grants(PluginChoice& choice, const Statement& statement, const json& given) {
  if (given.contains("scopes")) read_scopes(choice, statement, given);
  if (!given.contains("services")) return;
  const auto services = texts(statement, given, "services", "{ \"events\", \"jobs\" }");
  if (!services) return;
  const auto known = loader::service_names();
  for (const auto& one : *services) {
    if (std::find(known.begin(), known.end(), one) != known.end()) continue;
    const auto near = service::near_names(one, known);
    statement.complain(
        "there is no service \"" + one + "\"" + (near.empty() ? "" : "; did you mean \"" + near.front() + "\"?"),
        "services");
  }
  choice.grants.services.emplace(services->begin(), services->end());
}

}  // namespace berth::command

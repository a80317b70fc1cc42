// jail { … }: what confinement of child processes must be in force; and the jail = { … } of a plugin.
#include <algorithm>

#include "command/config_numbers.hpp"
#include "command/config_statements.hpp"
#include "jail/isolation.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

std::string read_jail(Config& config, const Statement& statement, const std::vector<json>& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "jail wants a table: jail { require = { \"landlock\", \"seccomp\" } }";
  statement.check_keys(*given, {"require"});
  if (!given->contains("require")) return "";
  const std::string wrong = read_texts(config.jail_require, "require", {(*given)["require"]});
  if (!wrong.empty()) statement.complain(wrong, "require");
  const auto& known = jail::Isolation::names();
  for (const auto& name : config.jail_require) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = service::near_names(name, known, 1);
    statement.complain(
        "require: there is no layer \"" + name + "\"" + (near.empty() ? "" : "; did you mean \"" + near[0] + "\"?"),
        "require");
  }
  return "";
}

// plugin "x" { jail = { memory = "4GB", nests = true, allow = { … } } }: that of its own programs.
void read_own_jail(PluginChoice& choice, const Statement& statement, const json& all) {
  constexpr NumberSetting memory{"memory", Unit::bytes, 16 * mib, 1'048'576 * mib};
  if (!all.contains("jail")) return;
  const json& given = all["jail"];
  if (!given.is_object())
    return statement.complain("jail wants a table: jail = { memory = \"4GB\", nests = true, allow = { \"*\" } }",
                              "jail");
  statement.check_keys(given, {"memory", "nests", "allow"});
  choice.jail.memory = read_number(statement, given, memory);
  if (given.contains("nests")) choice.jail.nests = statement.boolean(given, "nests", false);
  if (given.contains("allow")) read_allow(choice.jail.allow.emplace(), statement, given["allow"]);
}

}  // namespace berth::command

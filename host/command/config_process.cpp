// plugin "x" { process = "own", memory = … }: where a plugin runs, the bounds of its process, and of its files.
#include <string>
#include <vector>

#include "command/config_numbers.hpp"
#include "command/config_statements.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

constexpr NumberSetting memory{"memory", Unit::bytes, 16 * mib, 1'048'576 * mib},
    heartbeat{"heartbeat", Unit::time, 500, day}, start_time{"start_time", Unit::time, 100, day},
    end_time{"end_time", Unit::time, 0, day}, deaths{"deaths", Unit::count, 1, 1'000'000},
    within{"within", Unit::time, 100, day}, files{"files", Unit::bytes, mib, 1'048'576 * mib};

}  // namespace

std::vector<std::string> process_names() {
  std::vector<std::string> names{"process", "confined"};
  for (const auto* one : {&memory, &heartbeat, &start_time, &end_time, &deaths, &within, &files})
    names.emplace_back(one->name);
  return names;
}

void read_process(PluginChoice& choice, const Statement& statement, const json& given) {
  if (given.contains("process")) {
    const std::string where = statement.text(given, "process");
    if (where == "own" || where == "host")
      choice.own_process = where == "own";
    else
      statement.complain("process must be \"own\" or \"host\"", "process");
  }
  loader::ProcessRules& rules = choice.process;
  if (given.contains("confined")) {
    if (given["confined"].is_boolean())
      rules.confined = given["confined"].get<bool>();
    else
      statement.complain("confined must be true or false", "confined");
  }
  const auto time = [&](const NumberSetting& setting, std::chrono::milliseconds& to) {
    if (const auto value = read_number(statement, given, setting)) to = std::chrono::milliseconds(*value);
  };
  if (const auto value = read_number(statement, given, memory)) rules.memory = *value;
  if (const auto value = read_number(statement, given, files)) choice.files = *value;
  if (const auto value = read_number(statement, given, deaths))
    rules.restarts.deaths = static_cast<std::uint32_t>(*value);
  time(heartbeat, rules.heartbeat);
  time(start_time, rules.start_time);
  time(end_time, rules.end_time);
  time(within, rules.restarts.within);
}

}  // namespace berth::command

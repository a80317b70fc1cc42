// `berth operations`: what the running host can do.
#include <iostream>
#include <nlohmann/json.hpp>

#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/json_reading.hpp"

namespace berth::command {

namespace {

int run_operations(const Arguments& arguments) {
  if (!arguments.rest().empty()) {
    std::cerr << "berth: operations takes options only; see: berth operations --help\n";
    return misused;
  }
  const auto target = target_of(arguments);
  if (!target) return report(target.error());
  Client client(*target);
  const auto all = fetch_list(client, "/operations", "operations");
  if (!all) return report_list_error(all.error());
  if (arguments.has("--json")) {
    std::cout << nlohmann::json{{"operations", *all}}.dump() << "\n";
    return done;
  }
  std::vector<Row> rows;
  for (const auto& one : *all) {
    rows.push_back({text_at(one, "name"), text_at(one, "kind"), text_at(one, "scope"),
                    text_at(one, "method") + " " + text_at(one, "path"), text_at(one, "summary")});
  }
  print_table({"OPERATION", "KIND", "SCOPE", "ROUTE", "SUMMARY"}, rows);
  return done;
}

}  // namespace

Command operations_command() {
  std::vector<Option> options{{"--json", "", "the whole list with its schemas, as the host gives it"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {"operations",
          "lists the operations of a running host",
          "[options]",
          "  berth operations\n"
          "  berth operations --json | jq '.operations[] | select(.scope == \"admin\") | .name'\n",
          std::move(options),
          run_operations};
}

}  // namespace berth::command

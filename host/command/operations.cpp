// `berth operations`: what the running host can do.
#include <iostream>
#include <nlohmann/json.hpp>

#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"

namespace berth::command {

namespace {

int run(const Arguments& arguments) {
  Client client(target_of(arguments));
  const auto answer = client.send({"GET", "/operations"});
  if (!answer) return report(answer.error());
  if (answer->status != 200) return report_problem(*answer);
  if (arguments.has("--json")) {
    std::cout << answer->body << "\n";
    return done;
  }
  const auto all = nlohmann::json::parse(answer->body, nullptr, false);
  std::vector<Row> rows;
  for (const auto& one : all.value("operations", nlohmann::json::array())) {
    rows.push_back({one.value("name", ""), one.value("kind", ""), one.value("scope", ""),
                    one.value("method", "") + " " + one.value("path", ""), one.value("summary", "")});
  }
  print_table({"OPERATION", "KIND", "SCOPE", "ROUTE", "SUMMARY"}, rows);
  return done;
}

}  // namespace

Command operations_command() {
  std::vector<Option> options{{"--json", "", "the whole list with its schemas, as the host gives it"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {"operations", "lists the operations of a running host", "[options]", "", std::move(options), run};
}

}  // namespace berth::command

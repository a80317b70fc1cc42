// Which checks there are, in the order of the report, and what they share.
#include "checks.hpp"

#include <set>

namespace berth::check {

using std::chrono::seconds;

const std::vector<Check>& all_checks() {
  static const std::vector<Check> all{
      {{"manifest"}, seconds(10), "", &check_manifest},
      {{"schemas"}, seconds(10), "", &check_schemas},
      {{"config", "outside"}, seconds(20), "", &check_config},
      {{"inputs", "outputs", "slow", "throw", "rules"},
       seconds(60),
       "call stream upload download socket http",
       &check_inputs},
      {{"concurrent", "throw", "rules"}, seconds(60), "call stream upload download http", &check_concurrent},
      {{"flows", "throw", "rules"}, seconds(40), "stream upload download socket http", &check_flows},
      {{"cancel", "throw", "rules"}, seconds(40), "call stream upload download socket http", &check_cancel},
      {{"backpressure", "throw", "rules"}, seconds(40), "stream download http", &check_backpressure},
      {{"life", "throw", "rules"}, seconds(120), "", &check_life},
      {{"end", "throw", "rules"}, seconds(40), "", &check_end},
  };
  return all;
}

std::vector<std::string> check_names() {
  return {"entry",      "manifest", "schemas", "config",       "outside", "inputs", "outputs", "slow",
          "concurrent", "flows",    "cancel",  "backpressure", "life",    "end",    "throw",   "rules"};
}

void report_breaches(const Subject& subject, const std::vector<Breach>& breaches) {
  std::set<std::string> told;
  for (const Breach& one : breaches) {
    if (!told.insert(one.rule + " " + one.operation).second) continue;
    const bool threw = one.rule == "threw";
    const std::string whose = one.operation.empty() ? subject.operation : one.operation;
    subject.reporter.found({threw ? "throw" : "rules", Verdict::fail, whose,
                            threw ? one.what : one.rule + ": " + one.what, advice_for(one.rule)});
  }
}

}  // namespace berth::check

// One line a service.
#include "loader/services/catalogue.hpp"

#include <algorithm>

#include "loader/services/tables.hpp"

namespace berth::loader {

const std::vector<LentService>& catalogue() {
  using Given = LentService::Given;
  static const std::vector<LentService> all{
      {"log", "berth.log/1", &log_table, Given::always, true},
      {"config", "berth.config/1", &config_table, Given::always, true},
      {"timers", "berth.timers/1", &timers_table, Given::always, true},
      {"files", "berth.files/1", &files_table, Given::always, true},
      {"http", "berth.http/1", &http_table, Given::declared, false},
      {"process", "berth.process/1", &process_table, Given::declared, false},
      {"metrics", "berth.metrics/1", &metrics_table, Given::undeclared, true},
      {"events", "berth.events/1", &events_table, Given::declared, true},
      {"jobs", "berth.jobs/1", &jobs_table, Given::declared, true},
      {"calls", "berth.calls/1", &calls_table, Given::declared, false},
      {"workspace", "berth.workspace/1", &workspace_table, Given::declared, false},
      {"secrets", "berth.secrets/1", &secrets_table, Given::declared, false},
  };
  return all;
}

const LentService* find_service(std::string_view id) {
  const auto& all = catalogue();
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
  return at == all.end() ? nullptr : &*at;
}

std::vector<std::string> service_names() {
  std::vector<std::string> names;
  for (const auto& one : catalogue()) names.emplace_back(one.name);
  return names;
}

}  // namespace berth::loader

// Names only; of secrets, too.
#include "command/plugin_services.hpp"

#include <nlohmann/json.hpp>

#include "loader/services/catalogue.hpp"

namespace berth::command {

using nlohmann::json;

void describe_services(json& out, const loader::Registry::Entry& entry) {
  out["services"] = json::array();
  for (const auto& id : entry.services) {
    if (const auto* one = loader::find_service(id)) out["services"].push_back(one->name);
  }
  if (!entry.secret_names.empty()) out["secrets"] = entry.secret_names;
  if (!entry.services.contains("berth.calls/1")) return;
  out["scopes"] = json::array({session::name_of(entry.rights.scope)});
  for (const auto& glob : entry.rights.operations) out["scopes"].push_back(glob);
}

}  // namespace berth::command

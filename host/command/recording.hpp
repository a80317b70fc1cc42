// What the policy `record` has kept, read from a file: for `berth replay` and `berth policy test --calls`. An agent may
// have written any of it, so whatever is not as it should be is an error with its place.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "service/error.hpp"

namespace berth::command {

struct RecordedCall {
  std::string operation, caller, scope, session;
  nlohmann::json input = nlohmann::json::object();
  int status = 200;
  double seconds = 0;
  std::optional<nlohmann::json> output;  // nothing: it was not kept
  bool left_out = false;                 // the input was too large to be kept
};

// What `berth call workspace.store.read` gives, several such pages one after the other, the store's own file, or plain
// records, one a line. A recording that is cut is none.
service::Result<std::vector<RecordedCall>> read_recording(const std::string& file);

}  // namespace berth::command

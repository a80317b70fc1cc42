// Which layers of confinement this machine allows, and why not the others: for /status, `berth doctor` and
// jail.require.
#pragma once

#include <sys/types.h>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/error.hpp"

namespace berth::jail {

struct Layer {
  enum class State { enforced, fallback, absent };
  std::string name;
  State state = State::absent;
  std::string detail;  // what it does here, or why it does not
};

class Isolation {
 public:
  std::vector<Layer> layers;
  unsigned namespaces = 0;  // CLONE_NEW… that each jail gets
  bool fresh_proc = false;
  bool changes_user = false;
  unsigned landlock = 0;  // its ABI
  bool seccomp = false;
  uid_t first_user = 0;  // of those that agents may become

  const Layer* find(std::string_view name) const;
  bool has(std::string_view name) const;
  std::string level() const;  // in one word: "full", "partial", "basic"
  nlohmann::json json() const;
  // Why this is less than is demanded; null: it is not.
  std::optional<service::Error> lacking(const std::vector<std::string>& required) const;

  static const std::vector<std::string>& names();
  static std::string_view word(Layer::State state);
};

}  // namespace berth::jail

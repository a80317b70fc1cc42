// Writes down what one jail is, for the inside program.
#pragma once

#include <string>
#include <vector>

#include "jail/isolation.hpp"
#include "jail/options.hpp"
#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::jail {

struct SheetFacts {
  const Isolation& isolation;
  const Options& options;
  uid_t agent = 0, keeper = 0;
  bool memory_by_group = false, processes_by_group = false;
  std::string scratch;  // where there is no mount namespace: the folder that serves as /tmp
};

struct Sheet {
  service::UniqueFd file;
  std::vector<service::UniqueFd> trees;  // mounts that the host has made, for the keeper, in the order of their numbers
};
service::Result<Sheet> write_sheet(const SheetFacts& facts);

constexpr unsigned agent_inside = 1000;  // the agent's user, as the jail numbers it

}  // namespace berth::jail

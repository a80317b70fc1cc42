// A plan as the starter reads it.
#pragma once

#include <string>
#include <vector>

#include "jail/options.hpp"
#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::jail {

struct Order {
  std::string message;
  std::vector<int> fds;
  service::UniqueFd texts;  // of a large one; among the fds
};
service::Result<Order> make_order(const Plan& plan);

}  // namespace berth::jail

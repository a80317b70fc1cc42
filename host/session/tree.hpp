// Folders that an agent has written, walked without trusting what is in them: no link is followed, no other device is
// entered, and no depth or number of names takes more than its share.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "service/error.hpp"

namespace berth::session {

struct TreeUse {
  std::uint64_t bytes = 0;  // that it takes on its disk; a file of several names counts once
  std::uint64_t files = 0;  // and folders
  bool whole = true;        // false: it is more
  bool hidden = false;      // parts lie too deep, or are too many, or are closed to the host
};
TreeUse measure_tree(const std::string& folder);

// With all that is in it; nothing is there: fine.
std::optional<service::Error> remove_tree(const std::string& path);
// To that user, and all that is in it.
std::optional<service::Error> give_tree(const std::string& folder, uid_t user);

}  // namespace berth::session

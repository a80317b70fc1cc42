// How full the mounted disks are. A dead network mount holds whoever asks it for as long as it is dead: it is asked
// by a thread of its own, which nobody waits for longer than for a moment.
#pragma once

#include <berth/schema.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mounts.hpp"
#include "tree.hpp"

namespace machine {

struct Space {
  std::uint64_t total = 0, free = 0, available = 0, inodes = 0, inodes_free = 0;
};

class Disks {
 public:
  using Ask = std::function<std::optional<Space>(const std::string& at)>;
  explicit Disks(Ask ask = {}, std::chrono::milliseconds patience = std::chrono::milliseconds(1500));

  // Of each mount that is asked, its space, or nothing if it did not answer in time. One that has not answered yet is
  // not asked again: its answer, once it comes, is all callers'.
  std::vector<std::optional<Space>> ask(const std::vector<Mount>& mounts) const;

  berth::Json tell(const Trees& trees, bool all) const;

 private:
  struct Pending;
  struct Waiting;
  std::shared_ptr<Pending> begin(const std::string& at, std::chrono::steady_clock::time_point end) const;
  const Ask m_ask;
  const std::chrono::milliseconds m_patience;
  const std::shared_ptr<Waiting> m_waiting;  // its threads may outlive this
};

}  // namespace machine

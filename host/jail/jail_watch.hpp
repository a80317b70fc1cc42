// Which limits a jail has run into since it was last told. Its counters only rise, and a process that was refused
// another may tell nobody: so somebody has to look.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jail/jail.hpp"
#include "service/clock.hpp"

namespace berth::jail {

struct LimitHit {
  std::string limit;        // as sessions name it: "memory", "processes", "cpu_time", "wall_time"
  std::uint64_t bound = 0;  // bytes, processes, seconds
  std::uint64_t times = 0;  // that it was hit since this was last told
  std::string words = {};   // "a process was killed: memory limit 500 MB"
};

// Of one session, whose jail may be another each time. One thread at a time.
class JailWatch {
 public:
  static constexpr std::chrono::seconds pause{5};
  // Each limit once in a `pause` at most; what was hit meanwhile is told, and counted, after it. A few microseconds.
  std::vector<LimitHit> look(const std::shared_ptr<Jail>& jail, service::Clock::Moment now);

 private:
  struct Told {
    std::uint64_t count = 0;
    std::optional<service::Clock::Moment> when = {};
  };
  std::weak_ptr<Jail> m_jail;  // that was looked at last
  std::map<std::string, Told> m_told;
};

}  // namespace berth::jail

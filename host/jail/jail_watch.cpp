// The control groups count, version 1 and 2 alike, and their counters are read: to be woken is another matter in each
// version, and version 1 tells of a shortage of memory before it has killed for it.
#include "jail/jail_watch.hpp"

#include "jail/process.hpp"

namespace berth::jail {

namespace {

struct Counter {
  const char* name;  // of the limit
  const char* end;   // in End::limit
  std::uint64_t GroupHits::*count;
  const char* what;
};
constexpr Counter counters[] = {
    {"memory", "memory", &GroupHits::memory, "a process was killed: "},
    {"processes", "pids", &GroupHits::processes, "a process was refused another: "},
    {"cpu_time", "cpu", &GroupHits::cpu_time, "a process was killed: "},
    {"wall_time", "time", &GroupHits::wall_time, "a process was killed: "},
};

std::uint64_t bound_of(const std::string& limit, const Limits& limits) {
  if (limit == "memory") return limits.memory;
  if (limit == "pids") return limits.processes;
  return static_cast<std::uint64_t>((limit == "cpu" ? limits.cpu_time : limits.wall_time).count());
}

}  // namespace

std::vector<LimitHit> JailWatch::look(const std::shared_ptr<Jail>& jail, service::Clock::Moment now) {
  if (m_jail.lock() != jail) {  // its counters begin anew
    for (auto& [name, told] : m_told) told.count = 0;
    m_jail = jail;
  }
  std::vector<LimitHit> all;
  const GroupHits hits = jail->hits();
  jail->note(hits);
  for (const auto& counter : counters) {
    const std::uint64_t count = hits.*counter.count;
    Told& told = m_told[counter.name];
    if (count <= told.count || (told.when && now - *told.when < pause)) continue;
    all.push_back({counter.name, bound_of(counter.end, jail->limits()), count - told.count,
                   counter.what + limit_in_words(counter.end, jail->limits())});
    told = {count, now};
  }
  return all;
}

}  // namespace berth::jail

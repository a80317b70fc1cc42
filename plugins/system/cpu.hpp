// The processors, how busy they are, and how much of them this host may use.
#pragma once

#include <berth/schema.hpp>

#include <chrono>
#include <set>
#include <string>
#include <string_view>

#include "tree.hpp"

namespace machine {

struct Processors {
  std::string model, vendor;
  std::size_t logical = 0, cores = 0, sockets = 0;  // the last two are 0 where the kernel does not say
  double mhz = 0;                                   // the fastest now; 0: it does not say
};
Processors processors_of(std::string_view cpuinfo);

// Ticks since the start, of the line "cpu" of /proc/stat.
struct Times {
  std::uint64_t user = 0, system = 0, idle = 0, iowait = 0, steal = 0;
};
Times times_of(std::string_view stat);
// In percent of all processors.
berth::Json usage_between(const Times& before, const Times& after);

// "0.52 0.58 0.59 2/1234 5678"
berth::Json load_of(std::string_view loadavg);

berth::Json tell_cpu(const Trees& trees, std::chrono::milliseconds sample);

}  // namespace machine

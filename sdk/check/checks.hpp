// The table of checks.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "subject.hpp"

namespace berth::check {

// One child's work. It may give the findings of several checks: what calls with many inputs shows is told in one go.
struct Check {
  std::vector<std::string> names;
  std::chrono::seconds deadline;
  std::string kinds;  // of operations, each of which gets a child; empty: the plugin as a whole
  void (*run)(const Subject&);
};

const std::vector<Check>& all_checks();
std::vector<std::string> check_names();

void check_manifest(const Subject&);
void check_schemas(const Subject&);
void check_config(const Subject&);
void check_inputs(const Subject&);
void check_concurrent(const Subject&);
void check_cancel(const Subject&);
void check_backpressure(const Subject&);
void check_flows(const Subject&);
void check_life(const Subject&);
void check_end(const Subject&);

}  // namespace berth::check

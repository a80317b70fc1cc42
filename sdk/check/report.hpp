// The report: findings by check, for people or for machines.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "finding.hpp"
#include "options.hpp"

namespace berth::check {

struct Report {
  std::string name, version;  // the plugin's
  std::size_t operations = 0;
  Findings findings;
  double seconds = 0;
};

void print(const Report& report, const Options& options);
int exit_code(const Report& report, const Options& options);

}  // namespace berth::check

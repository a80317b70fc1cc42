// The sub-commands of `berth`: one file each, one entry each.
#pragma once

#include <string>
#include <vector>

#include "command/arguments.hpp"

namespace berth::command {

// Exit codes, the same for every command; `berth help exit-codes` prints them.
enum Exit { done = 0, failed = 1, misused = 2, unreachable = 3, refused = 4 };

struct Command {
  std::string name, summary;
  std::string usage;  // after "berth NAME "
  std::string more;   // what --help says beyond options
  std::vector<Option> options;
  int (*run)(const Arguments&);
};

Command serve_command();
Command dev_command();
Command call_command();
Command operations_command();
Command plugin_command();
Command plugin_host_command();
Command policy_host_command();
Command policy_command();
Command replay_command();
int plugin_new(const Arguments&);  // `berth plugin new`
std::vector<Option> plugin_new_options();
Command kernel_command();
Command mcp_command();
Command token_command();
Command doctor_command();

}  // namespace berth::command

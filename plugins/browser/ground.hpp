// What every part of the plugin stands on.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/events.hpp>
#include <berth/service/process.hpp>
#include <berth/service/workspace.hpp>

#include <string>
#include <vector>

#include "carrier.hpp"
#include "patience.hpp"
#include "porch.hpp"

namespace browser {

struct Settings {  // of berth.lua
  std::string program = "/usr/lib/chromium/chromium";
  std::vector<std::string> arguments;
  std::string locale = "en-US", time_zone;
  int width = 1920, height = 1080;
  bool may_lack_sandbox = false, consistent = true;
  std::size_t most_tabs = 20, most_calls = 64;
  std::vector<std::string> quarantine;  // ends of names
  std::uint64_t largest_download = 256u << 20;
};

struct Ground {
  loop::Loop& loop;
  Patients& patients;
  const berth::Processes& processes;
  const berth::Log& log;
  const berth::Events& events;
  const berth::Workspaces& workspaces;
  Carrier& carrier;
  Porch& porch;
  const Settings settings;
};

}  // namespace browser

// What every part of the plugin stands on.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/events.hpp>
#include <berth/service/process.hpp>

#include <string>
#include <vector>

#include "patience.hpp"

namespace browser {

struct Settings {  // of berth.lua
  std::string program = "/usr/lib/chromium/chromium";
  std::vector<std::string> arguments;
  std::string locale = "en-US", time_zone, user_agent;
  int width = 1920, height = 1080;
  bool may_lack_sandbox = false;
  std::size_t most_tabs = 20;
};

struct Ground {
  loop::Loop& loop;
  Patients& patients;
  const berth::Processes& processes;
  const berth::Log& log;
  const berth::Events& events;
  const Settings settings;
};

}  // namespace browser

// How a plugin's own process is started: with which program, descriptors and environment.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "service/process/child.hpp"

namespace berth::loader {

struct PluginProcess {
  std::string program;  // that has `plugin-host`
  std::string name;
  service::UniqueFd link;
};
struct ProcessEars {
  std::function<void(std::string_view line)> line;    // of its standard output or error
  std::function<void(const std::string& how)> ended;  // once: "was killed by signal 11 (Segmentation fault)"
};

bool inside_plugin_process();
service::Result<std::shared_ptr<service::Child>> start_plugin_process(service::EventLoop& loop,
                                                                      service::Launcher& launcher, PluginProcess what,
                                                                      ProcessEars ears);

}  // namespace berth::loader

// The plugins that a host with this configuration would find, and whether it would use them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "command/config.hpp"
#include "loader/finder.hpp"

namespace berth::command {

struct PluginFile {
  loader::Found found;
  bool used = true;
  std::string why_not = {};  // "berth.lua:7"
};

std::vector<PluginFile> plugin_files(const Config& config);
std::vector<PluginFile> plugin_files(const std::string& config_file);  // empty: the usual places
std::vector<std::string> plugin_mistakes(const Config& config);        // of those that it would use
nlohmann::json describe(const PluginFile& file);                       // as GET /plugins does

}  // namespace berth::command

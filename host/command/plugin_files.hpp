// The plugins that a host with this configuration would find, and whether it would use them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "command/config.hpp"
#include "loader/finder.hpp"
#include "loader/trust.hpp"

namespace berth::command {

struct PluginFile {
  loader::Found found;
  bool used = true;
  std::string why_not = {};  // "berth.lua:7"
  loader::Signature signature = {};
  std::optional<service::Error> refused = {};  // why a host would not load it
};

std::vector<PluginFile> plugin_files(const Config& config);
std::vector<PluginFile> plugin_files(const std::string& config_file);  // empty: the usual places
std::vector<std::string> plugin_mistakes(const Config& config);        // of those that it would use
nlohmann::json describe(const PluginFile& file);                       // as GET /plugins does
// What is known of whose it is, for both.
void describe_trust(nlohmann::json& out, const loader::Manifest& manifest, const loader::Signature& signature);

// The strangers' files that bear the name of one of the host's own, and why they are refused.
void describe_namesakes(nlohmann::json& out, const std::string& name, const std::vector<std::string>& files);

}  // namespace berth::command

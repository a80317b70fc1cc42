// Folders out of the configuration, then the built-in one.
#include "command/plugin_files.hpp"

#include "command/config.hpp"
#include "command/serve.hpp"

namespace berth::command {

std::vector<loader::Found> plugin_files(const std::string& config) {
  const std::string file = config.empty() ? default_config() : config;
  std::vector<std::string> folders;
  if (!file.empty()) folders = load_config(file).config.plugin_folders;
  for (auto& folder : built_in_plugin_folders()) folders.push_back(std::move(folder));
  return loader::find_plugins(folders);
}

}  // namespace berth::command

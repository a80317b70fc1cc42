// A folder with a real plugin in it, to be tampered with: copies of the example clock and its manifest.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "../service/folder.hpp"
#include "loader/finder.hpp"

namespace berth::test {

class PluginFolder : public Folder {
 public:
  PluginFolder() {
    const std::string built = std::string(BERTH_BUILD_DIR) + "/lib/berth/plugins/clock";
    std::filesystem::copy_file(built + ".so", library);
    std::filesystem::copy_file(built + ".berth.json", manifest);
  }

  loader::Found found() const { return loader::find_plugin_at(library); }
  void tamper() const { put(library, content_of(library) + "x"); }  // loads as well as before
  std::string digest() const { return nlohmann::json::parse(content_of(manifest)).at("sha256"); }

  const std::string library = file("clock.so"), manifest = file("clock.berth.json"),
                    signature = file("clock.berth.sig");
};

}  // namespace berth::test

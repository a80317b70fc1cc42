// Finds plugins by the manifests that lie beside them. Nothing is loaded and no foreign code runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loader/manifest.hpp"
#include "service/error.hpp"

namespace berth::loader {

struct Found {
  std::string name;           // from the file name, so that a broken manifest has one too
  std::string manifest_file;  // …/NAME.berth.json
  std::string library_file;   // …/NAME.so
  std::string manifest_text;
  service::Result<Manifest> manifest;
  bool first_party = false;                 // lies in a folder of the host's own
  bool gone = false;                        // its manifest is not there: neither broken nor out of reach
  std::vector<std::string> namesakes = {};  // libraries of strangers that bear the name of this one of the host's own
};

// One plugin a name: the host's own keep theirs, and then the folder named first wins. Sorted by name.
std::vector<Found> find_plugins(const std::vector<std::string>& folders,
                                const std::vector<std::string>& own_folders = {});
// The one of that name; none, if no folder has it.
std::optional<Found> find_plugin(const std::string& name, const std::vector<std::string>& folders,
                                 const std::vector<std::string>& own_folders);
// Why a stranger's library is not loaded that is named as one of the host's own.
service::Error name_is_taken(const std::string& name, const std::string& library_file);
// One that lies anywhere: the manifest is looked for beside it.
Found find_plugin_at(const std::string& library_file);

}  // namespace berth::loader

// Looks through plugin folders for NAME.berth.json beside NAME.so.
#include "loader/finder.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "service/files.hpp"

namespace berth::loader {

namespace fs = std::filesystem;
using service::Error;
using service::Result;

namespace {

constexpr std::string_view manifest_ending = ".berth.json";

Result<Manifest> check(const Found& found) {
  auto manifest = Manifest::parse(found.manifest_text);
  if (!manifest) return manifest.error();
  if (manifest->name != found.name) {
    return Error{500, "bad_manifest", found.manifest_file + ": the plugin calls itself \"" + manifest->name + "\"",
                 "name the files after the plugin: " + manifest->name + ".so and " + manifest->name + ".berth.json"};
  }
  std::error_code none;
  if (!fs::is_regular_file(found.library_file, none)) {
    return Error{500, "no_library", found.library_file + " is not there", "build the plugin, or remove its manifest"};
  }
  if (manifest->sha256.empty()) {
    return Error{500, "bad_manifest",
                 found.manifest_file + ": sha256: is missing, so nothing says which library it means",
                 "it was made by an older SDK; build the plugin again with this host's"};
  }
  return manifest;
}

Found look_at(const fs::path& manifest_file) {
  const std::string file = manifest_file.filename().string();
  const std::string name = file.substr(0, file.size() - manifest_ending.size());
  Found found{name,
              manifest_file.string(),
              (manifest_file.parent_path() / (name + ".so")).string(),
              {},
              Error{500, "bad_manifest", "not read"},
              false};
  auto text = service::read_regular_file(found.manifest_file, 1u << 20);
  if (!text) {
    std::error_code none;
    found.gone = fs::symlink_status(manifest_file, none).type() == fs::file_type::not_found;
    found.manifest = text.error();
    return found;
  }
  found.manifest_text = std::move(*text);
  found.manifest = check(found);
  return found;
}

// What lies beside one of the host's own by another way, such as a link, is that one itself.
void pass_over(const Found& stranger, Found& own) {
  std::error_code none;
  if (!fs::equivalent(stranger.manifest_file, own.manifest_file, none)) own.namesakes.push_back(stranger.library_file);
}

// Whoever may put a file into a folder must not thereby take the place of a plugin that comes with the host.
void add(Found found, std::map<std::string, Found>& by_name) {
  const auto [at, fresh] = by_name.try_emplace(found.name, found);
  if (!fresh && at->second.first_party && !found.first_party) pass_over(found, at->second);
}

void look_through(const std::string& folder, bool first_party, std::map<std::string, Found>& by_name) {
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string file = at->path().filename().string();
    if (file.size() <= manifest_ending.size() || !file.ends_with(manifest_ending)) continue;
    Found found = look_at(at->path());
    found.first_party = first_party;
    add(std::move(found), by_name);
  }
}

}  // namespace

std::vector<Found> find_plugins(const std::vector<std::string>& folders, const std::vector<std::string>& own_folders) {
  std::map<std::string, Found> by_name;
  for (const auto& folder : own_folders) look_through(folder, true, by_name);
  for (const auto& folder : folders) look_through(folder, false, by_name);
  std::vector<Found> all;
  all.reserve(by_name.size());
  for (auto& [name, found] : by_name) all.push_back(std::move(found));
  return all;
}

std::optional<Found> find_plugin(const std::string& name, const std::vector<std::string>& folders,
                                 const std::vector<std::string>& own_folders) {
  std::map<std::string, Found> by_name;
  for (const auto* some : {&own_folders, &folders}) {
    for (const auto& folder : *some) {
      const fs::path manifest = fs::path(folder) / (name + std::string(manifest_ending));
      std::error_code none;
      if (!fs::exists(fs::symlink_status(manifest, none))) continue;
      Found found = look_at(manifest);
      found.first_party = some == &own_folders;
      add(std::move(found), by_name);
    }
  }
  if (by_name.empty()) return std::nullopt;
  return std::move(by_name.begin()->second);
}

Error name_is_taken(const std::string& name, const std::string& library_file) {
  return {500, "name_taken", library_file + " is left out: " + name + " is a plugin that comes with the host",
          "give it another name; or, if it shall take that one's place: plugin \"" + name + "\" { file = \"" +
              library_file + "\" } in berth.lua"};
}

Found find_plugin_at(const std::string& library_file) {
  const fs::path library(library_file);
  return look_at(library.parent_path() / (library.stem().string() + std::string(manifest_ending)));
}

}  // namespace berth::loader

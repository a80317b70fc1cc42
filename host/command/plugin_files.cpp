// Files that the configuration names, then folders that it names, then the built-in one.
#include "command/plugin_files.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "command/serve.hpp"
#include "loader/library_copy.hpp"
#include "loader/schema/schema.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

const char* name_of(loader::Need::What what) {
  switch (what) {
    case loader::Need::What::program: return "program";
    case loader::Need::What::library: return "library";
    default: return "file";
  }
}

void judge(PluginFile& file, const loader::TrustRules& trust) {
  const auto& found = file.found;
  const auto shut_out = loader::not_allowed(found, trust);
  if (file.used && shut_out) {
    file.used = false;
    file.why_not = *shut_out;
  }
  if (!found.manifest) {
    file.refused = found.manifest.error();
    return;
  }
  file.signature = loader::read_signature(found, trust.keys);
  file.refused = loader::not_trusted(found, file.signature, trust);
  if (file.used && !file.refused) file.refused = loader::check_library(found);
}

PluginFile judged(loader::Found found, const Config& config) {
  PluginFile file{std::move(found)};
  const auto choice = config.plugins.find(file.found.name);
  const bool named = choice != config.plugins.end();
  file.used = named ? choice->second.enabled : !config.only_listed;
  if (!file.used) file.why_not = named ? "not enabled in " + choice->second.where : "not listed in the configuration";
  judge(file, config.trust);
  return file;
}

loader::Found not_found(const std::string& name, const std::string& where) {
  return {name, {}, {}, {}, service::Error{500, "no_plugin", where + ": no plugin of this name was found"}};
}

}  // namespace

std::vector<PluginFile> plugin_files(const Config& config) {
  std::vector<PluginFile> all;
  std::set<std::string> seen;
  for (const auto& [name, choice] : config.plugins) {
    if (choice.file.empty()) continue;
    seen.insert(name);
    all.push_back(judged(loader::find_plugin_at(choice.file), config));
  }
  for (auto& found : loader::find_plugins(config.plugin_folders, built_in_plugin_folders())) {
    if (seen.insert(found.name).second) all.push_back(judged(std::move(found), config));
  }
  for (const auto& [name, choice] : config.plugins) {
    if (!seen.contains(name) && choice.enabled) all.push_back(judged(not_found(name, choice.where), config));
  }
  return all;
}

namespace {

// Only those of plugins that are used are fetched.
void check_secrets(std::vector<std::string>& mistakes, const PluginChoice& choice) {
  for (const auto& [name, why] : service::bad_secret_files(choice.secrets)) {
    std::string mistake = choice.where + ": the secret " + name;
    mistake += " cannot be had: " + why.message;
    if (!why.hint.empty()) mistake += "; " + why.hint;
    mistakes.push_back(std::move(mistake));
  }
}

}  // namespace

std::vector<std::string> plugin_mistakes(const Config& config) {
  std::vector<std::string> mistakes;
  for (const auto& file : plugin_files(config)) {
    if (!file.used) continue;
    for (const auto& other : file.found.namesakes)
      mistakes.push_back(loader::name_is_taken(file.found.name, other).message);
    if (file.refused) mistakes.push_back(file.refused->message);
    if (!file.found.manifest) continue;
    const auto choice = config.plugins.find(file.found.name);
    if (choice != config.plugins.end()) check_secrets(mistakes, choice->second);
    const json given = choice == config.plugins.end() ? json::object() : choice->second.config;
    const std::string where = choice == config.plugins.end() ? file.found.name : choice->second.where;
    const json& schema = file.found.manifest->config;
    if (schema.is_null()) {
      if (!given.empty()) mistakes.push_back(where + ": " + file.found.name + " takes no config");
      continue;
    }
    const auto compiled = loader::Schema::compile(schema);
    if (!compiled) continue;  // the host says so when it loads it
    for (const auto& misfit : compiled->check(given)) {
      mistakes.push_back(where + ": the config of " + file.found.name + ": " +
                         (misfit.pointer.empty() ? "it" : misfit.pointer) + " should be " + misfit.expected +
                         ", but is " + misfit.got);
    }
  }
  return mistakes;
}

std::vector<PluginFile> plugin_files(const std::string& config_file) {
  const std::string file = config_file.empty() ? default_config() : config_file;
  return plugin_files(file.empty() ? Config{} : load_config(file).config);
}

void describe_trust(json& out, const loader::Manifest& manifest, const loader::Signature& signature) {
  out["sha256"] = manifest.sha256;
  if (signature.by.empty())
    out["unsigned"] = signature.why_not;
  else
    out["signed_by"] = signature.by;
}

void describe_namesakes(json& out, const std::string& name, const std::vector<std::string>& files) {
  for (const auto& file : files)
    out["refused"].push_back({{"file", file}, {"reason", loader::name_is_taken(name, file).message}});
}

json describe(const PluginFile& file) {
  const auto& manifest = file.found.manifest;
  json out{{"name", file.found.name},
           {"file", file.found.library_file},
           {"state", !file.used     ? "disabled"
                     : file.refused ? "failed"
                                    : "found"},
           {"first_party", file.found.first_party}};
  if (!file.used) out["reason"] = file.why_not;
  if (file.used && file.refused) out["reason"] = file.refused->message;
  describe_namesakes(out, file.found.name, file.found.namesakes);
  if (!manifest) return out;
  out["version"] = manifest->version;
  out["summary"] = manifest->summary;
  describe_trust(out, *manifest, file.signature);
  out["operations"] = json::array();
  for (const auto& operation : manifest->operations) out["operations"].push_back(operation.name);
  out["needs"] = json::array();
  for (const auto& need : manifest->needs) {
    out["needs"].push_back(
        {{name_of(need.what), need.name}, {"why", need.why}, {"get", need.get}, {"optional", need.optional}});
  }
  return out;
}

}  // namespace berth::command

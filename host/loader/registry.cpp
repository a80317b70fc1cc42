// Brings plugins up, one after the other.
#include "loader/registry.hpp"

#include <set>
#include <utility>

namespace berth::loader {

std::string_view name_of(Registry::State state) {
  switch (state) {
    case Registry::State::ready: return "ready";
    case Registry::State::failed: return "failed";
    case Registry::State::disabled: return "disabled";
  }
  return "failed";
}

void Registry::load(const std::vector<std::string>& folders, const std::map<std::string, Wish>& wishes,
                    bool only_wished) {
  std::set<std::string> seen;
  for (const auto& [name, wish] : wishes) {
    if (wish.file.empty()) continue;
    seen.insert(name);
    m_entries.push_back(bring_up(find_plugin_at(wish.file), wish));
  }
  for (const Found& found : find_plugins(folders)) {
    if (!seen.insert(found.name).second) continue;
    const auto wish = wishes.find(found.name);
    if (wish == wishes.end() && only_wished) continue;
    m_entries.push_back(bring_up(found, wish == wishes.end() ? Wish{} : wish->second));
  }
  for (const auto& [name, wish] : wishes) {
    if (seen.contains(name) || !wish.enabled) continue;
    m_entries.push_back(
        {name, {}, State::failed, wish.where + ": no plugin of this name was found", std::nullopt, nullptr});
    m_around.log.write(service::Level::error, "loader", "a plugin was not found",
                       {{"plugin", name}, {"where", wish.where}});
  }
}

Registry::Entry Registry::bring_up(const Found& found, const Wish& wish) {
  Entry entry{found.name, found.library_file, State::ready, {}, std::nullopt, nullptr};
  if (found.manifest) entry.manifest = *found.manifest;
  if (!wish.enabled) {
    entry.state = State::disabled;
    return entry;
  }
  auto plugin = Plugin::load(found, wish.config, m_around);
  if (plugin) {
    entry.plugin = std::move(*plugin);
    return entry;
  }
  entry.state = State::failed;
  entry.reason = plugin.error().message;
  m_around.log.write(service::Level::error, "loader", "a plugin was not loaded",
                     {{"plugin", found.name}, {"reason", entry.reason}, {"hint", plugin.error().hint}});
  return entry;
}

std::vector<std::shared_ptr<Provider>> Registry::providers() const {
  std::vector<std::shared_ptr<Provider>> all;
  for (const auto& entry : m_entries) {
    if (entry.plugin) all.push_back(entry.plugin);
  }
  return all;
}

void Registry::fail(const std::string& name, std::string reason) {
  for (auto& entry : m_entries) {
    if (entry.name != name) continue;
    entry.state = State::failed;
    entry.reason = std::move(reason);
    entry.plugin.reset();
    return;
  }
}

}  // namespace berth::loader

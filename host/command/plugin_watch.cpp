// Watches where plugins may lie; what has changed there, the registry finds out.
#include "command/plugin_watch.hpp"

#include <filesystem>
#include <string_view>
#include <utility>

#include "command/host.hpp"

namespace berth::command {

std::optional<service::Error> PluginWatch::open() {
  const auto concerns = [](std::string_view file) {
    return file.ends_with(".so") || file.ends_with(".berth.json") || file.ends_with(".berth.sig");
  };
  auto watch = service::FolderWatch::open(m_host.loop(), {concerns, [this] {
                                                            watch_all();
                                                            m_host.registry().sync(m_host.registry().choice());
                                                          }});
  if (!watch) return watch.error();
  m_watch = std::move(*watch);
  watch_all();
  // What came into a folder before it was watched is found by another look.
  m_host.on_applied([this] {
    watch_all();
    m_host.registry().sync(m_host.registry().choice());
  });
  return std::nullopt;
}

// Again each time, since a folder may have gone and come meanwhile.
void PluginWatch::watch_all() {
  const auto choice = m_host.registry().choice();
  for (const auto* some : {&choice->folders, &choice->own_folders}) {
    for (const auto& folder : *some) m_watch->add(folder);
  }
  for (const auto& [name, wish] : choice->wishes) {
    if (!wish.file.empty()) m_watch->add(std::filesystem::path(wish.file).parent_path().string());
  }
}

}  // namespace berth::command

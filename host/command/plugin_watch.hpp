// `berth serve --watch`: the plugins in the folders are loaded, reloaded and let go as their files come, change and go.
#pragma once

#include <memory>
#include <optional>

#include "service/error.hpp"
#include "service/folder_watch.hpp"

namespace berth::command {

class Host;

class PluginWatch {
 public:
  explicit PluginWatch(Host& host) : m_host(host) {}
  std::optional<service::Error> open();

 private:
  void watch_all();

  Host& m_host;
  std::shared_ptr<service::FolderWatch> m_watch;
};

}  // namespace berth::command

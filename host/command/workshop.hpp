// `berth dev`: builds a plugin whenever its sources change, one build at a time. Who runs the host is told when one is
// whole, since what lies there meanwhile is not. Everything on the I/O thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/error.hpp"
#include "service/event_loop.hpp"
#include "service/folder_watch.hpp"
#include "service/process/child.hpp"
#include "service/process/plain_launcher.hpp"

namespace berth::command {

class Workshop {
 public:
  struct Places {
    std::string sources, build;  // folders
    std::string prefix;          // where the SDK is installed, for CMake to find it
  };
  // `built` hears how each build ended: whether it is good.
  Workshop(service::EventLoop& loop, Places places, std::function<void(bool)> built);

  std::optional<service::Error> open();  // and builds what changed before
  void build();

 private:
  void step(std::vector<std::string> command);
  void ended(const service::End& end);

  service::EventLoop& m_loop;
  const Places m_places;
  const std::function<void(bool)> m_built;
  service::PlainLauncher m_launcher;
  std::shared_ptr<service::FolderWatch> m_watch;
  std::shared_ptr<service::Child> m_child;
  bool m_configuring = false;
  bool m_again = false;  // sources changed while it was built
};

}  // namespace berth::command

// `berth dev`: builds a plugin whenever its sources change, one build at a time. What the build writes, the watch over
// plugin folders brings into the host. Everything on the I/O thread.
#pragma once

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
  Workshop(service::EventLoop& loop, Places places);

  std::optional<service::Error> open();  // and builds for the first time

 private:
  void build();
  void step(std::vector<std::string> command);
  void ended(const service::End& end);

  service::EventLoop& m_loop;
  const Places m_places;
  service::PlainLauncher m_launcher;
  std::shared_ptr<service::FolderWatch> m_watch;
  std::shared_ptr<service::Child> m_child;
  bool m_configuring = false;
  bool m_again = false;  // sources changed while it was built
};

}  // namespace berth::command

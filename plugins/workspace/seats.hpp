// The workspaces that calls work on: asked for from the host, and remembered for a second, since many calls come at
// once.
#pragma once

#include <berth/service/workspace.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "proven.hpp"
#include "root.hpp"
#include "usage.hpp"

namespace workspace {

// One session's. What belongs to the folder, and not to the moment, is shared by all that were told of it.
struct Seat {
  struct Shared {
    Usage usage;
    std::mutex changing;
    Proven proven;
  };
  Root root;
  std::shared_ptr<Shared> shared;
};

class Seats {
 public:
  explicit Seats(const berth::Context& context) : m_workspaces(context) {}
  // May wait for the host. Throws Error: 404, if there is no such session. Any thread that may.
  std::shared_ptr<const Seat> of(const std::string& session);

 private:
  using Clock = std::chrono::steady_clock;
  struct Known {
    std::shared_ptr<const Seat> seat;
    Clock::time_point until;
  };
  using Folder = std::pair<dev_t, ino_t>;
  std::shared_ptr<Seat::Shared> shared_of(const Folder& folder);
  void let_go();

  const berth::Workspaces m_workspaces;
  std::mutex m_mutex;  // guards what follows
  std::map<std::string, Known> m_known;
  std::map<Folder, std::weak_ptr<Seat::Shared>> m_shared;
};

}  // namespace workspace

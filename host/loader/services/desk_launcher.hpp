// Starts what a plugin asks for: not here, but by the host, in a jail. An order goes to the desk with the far ends of
// its pipes; what comes of it is heard from there. The same in the host's process and in a plugin's own.
#pragma once

#include <memory>

#include "loader/services/desk.hpp"
#include "loader/services/note.hpp"
#include "service/process/launcher.hpp"

namespace berth::loader {

class DeskLauncher : public service::Launcher {
 public:
  explicit DeskLauncher(std::shared_ptr<Desk> desk);  // null: nothing can be started
  service::Result<std::unique_ptr<service::Running>> launch(service::Order order, Ears ears) override;
  void hear(const Note& note);  // I/O thread

 private:
  struct Body;
  class Handle;
  const std::shared_ptr<Body> m_body;
};

}  // namespace berth::loader

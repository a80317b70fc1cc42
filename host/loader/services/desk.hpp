// Where the services of one plugin instance hand in what must reach the host, and hear from it. In the host that is the
// host itself (desk/HostDesk), in a plugin's own process the link.
#pragma once

#include <functional>
#include <memory>

#include "loader/provider.hpp"
#include "loader/services/note.hpp"

namespace berth::loader {

class Desk {
 public:
  virtual ~Desk() = default;
  // Any thread; never blocks; in the order in which it is called. `call` is one that the note is about.
  virtual void take(Note note, std::shared_ptr<Reply> call) = 0;
  // What the host says, from now on; on the I/O thread, never from within take().
  virtual void connect(std::function<void(Note)> hear) = 0;
  // Nobody waits for that call any more; what was begun for it may end. I/O thread.
  virtual void cancelled(const Reply& call) = 0;
  // The instance is gone, and with it all that it had. Any thread.
  virtual void leave() = 0;
};

}  // namespace berth::loader

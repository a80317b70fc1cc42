// The processes of one plugin instance: asked for from any thread, carried on the I/O thread, heard in the plugin's
// turn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "service/event_loop.hpp"
#include "service/process/child.hpp"

namespace berth::loader {

class Processes {
 public:
  using Enter = std::function<void(std::function<void()>)>;
  struct Ways {  // into the plugin, on the I/O thread
    Enter enter, enter_beside;
  };
  struct Ears {
    std::function<bool(std::uint64_t process, service::Outlet, std::string_view piece)>
        output;  // false: until resume()
    std::function<void(std::uint64_t process)> room;
    std::function<void(std::uint64_t process, const service::End&)> ended;
    std::function<void(std::uint64_t process, const service::Hits&)> hits = {};
  };
  enum class Taken { well, full, too_much, gone };

  Processes(service::EventLoop& loop, service::Launcher& launcher, Ways ways, std::size_t most);
  ~Processes();
  void end();  // any thread: nothing is heard any more, all are killed, none is started

  // Any thread, all of them.
  std::uint64_t spawn(service::Child::Plan plan, Ears ears, bool beside);  // 0: not now
  Taken write(std::uint64_t process, std::string_view bytes);
  void close_input(std::uint64_t process);
  void resume(std::uint64_t process, service::Outlet outlet);
  void resize(std::uint64_t process, service::Child::Size size);
  void signal(std::uint64_t process, int number);
  void stop(std::uint64_t process, int number, std::chrono::milliseconds grace);
  void look(std::uint64_t process);
  bool wait(std::uint64_t process);

 private:
  struct One;
  struct Body;
  void with(std::uint64_t process, std::function<void(service::Child&)> what);
  std::shared_ptr<Body> m_body;
};

}  // namespace berth::loader

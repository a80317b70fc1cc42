// Starts programs with no jail around them: those of the host itself, which no plugin can choose.
#pragma once

#include "service/event_loop.hpp"
#include "service/process/launcher.hpp"

namespace berth::service {

class PlainLauncher : public Launcher {
 public:
  explicit PlainLauncher(EventLoop& loop) : m_loop(loop) {}
  // The kernel ends such a process with the thread that started it: that of the loop, which stays.
  Result<std::unique_ptr<Running>> launch(Order order, Ears ears) override;

 private:
  EventLoop& m_loop;
};

}  // namespace berth::service

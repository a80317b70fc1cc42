// A process that is our own child: watched by its pidfd, reaped, and killed with its group.
#pragma once

#include <memory>

#include "service/event_loop.hpp"
#include "service/process/launcher.hpp"
#include "service/process/out_pipe.hpp"

namespace berth::service {

class PlainProcess : public Running {
 public:
  PlainProcess(EventLoop& loop, pid_t pid, UniqueFd handle, bool leader, std::function<void(Result<Outcome>)> ended);
  ~PlainProcess() override;
  void signal(int number) override;

 private:
  void watch();
  void reap();

  const pid_t m_pid;
  Descriptor m_handle;  // readable once the process has ended
  bool m_leader;
  bool m_over = false;
  std::function<void(Result<Outcome>)> m_ended;
  const std::shared_ptr<PlainProcess*> m_self;  // empty once this is gone
};

}  // namespace berth::service

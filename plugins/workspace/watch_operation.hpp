// workspace.watch: what watch.hpp tells, as events.
#pragma once

#include <berth/schema.hpp>

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "asked.hpp"

namespace workspace {

// A watch lasts as long as its client stays. It has a thread of its own and none of the host's, which other operations
// wait for.
class WatchThreads {
 public:
  static constexpr std::size_t most = 64;
  ~WatchThreads();                         // the calls have ended by then, and so the threads do
  void start(std::function<void()> work);  // throws an Error (503) if there are too many

 private:
  struct One {
    std::thread thread;
    std::shared_ptr<std::atomic<bool>> over;
  };
  std::mutex m_mutex;  // guards what follows
  std::list<One> m_all;
};

berth::Schema watch_input();
void watch(const Asked& asked, const berth::Call& call, WatchThreads& threads);

}  // namespace workspace

// A job goes into the line, and a thread comes for it: one that idles, else a new one if there may be more. A thread
// counts as idle from before its birth until it takes its first job, so the line is as long as it looks only beyond the
// idle ones.
#include "service/pool.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>

namespace berth::service {
namespace {

constexpr auto idle_for = std::chrono::seconds(10);

}  // namespace

struct Pool::Body {
  using Threads = std::list<std::thread>;

  explicit Body(Options how) : most(std::max<std::size_t>(how.threads, 1)), may_wait(how.waiting) {}
  ~Body() { end(); }

  bool run(std::function<void()> job);
  bool start();
  void end();
  void serve(Threads::iterator self);
  void join_ended();
  std::size_t in_line() const { return line.size() - std::min(line.size(), idle); }

  const std::size_t most, may_wait;
  mutable std::mutex mutex;  // of all below
  std::condition_variable wake, gone;
  std::deque<std::function<void()>> line;
  Threads threads, ended;  // `ended` have nothing left to do but to be joined
  std::size_t idle = 0;
  bool ending = false;
};

void Pool::Body::end() {
  {
    std::unique_lock lock(mutex);
    ending = true;
    wake.notify_all();
    gone.wait(lock, [&] { return threads.empty(); });
  }
  join_ended();
}

void Pool::Body::join_ended() {
  Threads taken;
  {
    const std::lock_guard lock(mutex);
    taken.swap(ended);
  }
  for (std::thread& thread : taken) thread.join();
}

bool Pool::Body::run(std::function<void()> job) {
  join_ended();
  const std::lock_guard lock(mutex);
  if (ending) return false;
  const bool somebody_comes = idle > line.size() || start();
  if (!somebody_comes && (threads.empty() || in_line() >= may_wait)) return false;
  line.push_back(std::move(job));
  wake.notify_one();
  return true;
}

// With the lock held. False: enough threads, or the system gives no more.
bool Pool::Body::start() {
  if (threads.size() >= most) return false;
  const auto self = threads.emplace(threads.end());
  try {
    *self = std::thread([this, self] { serve(self); });
  } catch (const std::system_error&) {
    threads.erase(self);
    return false;
  }
  ++idle;
  return true;
}

void Pool::Body::serve(Threads::iterator self) {
  std::unique_lock lock(mutex);
  while (wake.wait_for(lock, idle_for, [&] { return ending || !line.empty(); }) && !line.empty()) {
    std::function<void()> job = std::move(line.front());
    line.pop_front();
    --idle;
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
    ++idle;
  }
  --idle;
  ended.splice(ended.end(), threads, self);
  if (threads.empty()) gone.notify_all();
}

Pool::Pool(Options options) : m_body(std::make_unique<Body>(options)) {}
Pool::~Pool() = default;
void Pool::end() { m_body->end(); }

bool Pool::run(std::function<void()> job) { return m_body->run(std::move(job)); }

std::size_t Pool::most() const { return m_body->most; }

std::size_t Pool::busy() const {
  const std::lock_guard lock(m_body->mutex);
  return m_body->threads.size() - m_body->idle;
}

std::size_t Pool::waiting() const {
  const std::lock_guard lock(m_body->mutex);
  return m_body->in_line();
}

}  // namespace berth::service

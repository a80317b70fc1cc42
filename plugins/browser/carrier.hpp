// What waits for a disk, or for the host, waits on a thread of its own: the loop goes on meanwhile.
#pragma once

#include <berth/call.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "patience.hpp"

namespace browser {

class Carrier {
 public:
  Carrier() = default;
  Carrier(const Carrier&) = delete;
  ~Carrier() { end(); }
  void add(std::function<void()> work);  // any thread; one after the other; must not throw
  void end();                            // what is under way is done, the rest is dropped

 private:
  void run();
  std::mutex m_mutex;  // guards what follows
  std::condition_variable m_changed;
  std::deque<std::function<void()>> m_work;
  bool m_ending = false;
  std::thread m_thread;
};

// co_await Away<std::string>(carrier, patience, work): what `work` comes to over there. What it needs it has to own:
// whoever awaits may be gone by then.
template <class T>
class Away {
 public:
  Away(Carrier& carrier, Patience& patience, const std::function<T()>& work) : m_wait(patience) {
    if (m_wait.over()) return;
    carrier.add([&loop = patience.loop(), wait = &m_wait, alive = m_wait.alive(), work] {
      const auto value = std::make_shared<std::optional<T>>();
      const auto error = std::make_shared<std::optional<berth::Error>>();
      try {
        value->emplace(work());
      } catch (const berth::Error& failed) {
        error->emplace(failed);
      } catch (const std::exception& failed) {
        error->emplace(500, "plugin_error", failed.what());
      }
      loop.post([wait, alive, value, error] {
        if (!*alive) return;
        if (*error)
          wait->fail(**error);
        else
          wait->answer(std::move(**value));
      });
    });
  }
  bool await_ready() const { return m_wait.await_ready(); }
  void await_suspend(std::coroutine_handle<> who) { m_wait.await_suspend(who); }
  T await_resume() { return m_wait.await_resume(); }

 private:
  Wait<T> m_wait;
};

}  // namespace browser

// What a StandIn's outside has under way for a plugin: rows of steps that call into it, one after the other, no faster
// than it takes them. Its HTTP services and its programs are made of this.
#ifndef BERTH_CHECK_ERRANDS_HPP
#define BERTH_CHECK_ERRANDS_HPP

#include <berth/abi.h>
#include <berth/check/no_waiting.hpp>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace berth::check {

// Any thread.
class Errands {
 public:
  using Step = std::function<berth_flow()>;
  // Calls something on the test's thread, when that lets what waits come.
  using Later = std::function<void(std::function<void()>)>;

  explicit Errands(Later later) : m_later(std::move(later)) {}
  ~Errands() { drop(); }
  Errands(const Errands&) = delete;

  // `gone` comes once and last. An errand that is `beside` may be waited for.
  std::uint64_t begin(bool beside, std::function<void()> gone) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    auto one = std::make_shared<One>();
    one->beside = beside;
    one->gone = std::move(gone);
    m_all[++m_last] = std::move(one);
    return m_last;
  }
  // The last of them is the end of the errand.
  void add(std::uint64_t number, std::deque<Step> steps) {
    if (const auto one = find(number)) {
      const std::lock_guard<std::mutex> lock(m_mutex);
      for (auto& step : steps) one->steps.push_back(std::move(step));
    }
  }
  void go_later(std::uint64_t number) {
    m_later([this, number] { go(number); });
  }
  void resume(std::uint64_t number) {
    const auto one = find(number);
    if (!one) return;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      one->full = false;
    }
    go_later(number);
  }
  void cancel(std::uint64_t number) {
    const auto one = find(number);
    if (one) end(number, one);
  }
  // 1: it has ended. 0: it cannot be waited for.
  int wait(std::uint64_t number) {
    const auto one = find(number);
    if (!one) return 1;
    if (!one->beside || NoWaiting::here()) return 0;
    go(number);
    std::unique_lock<std::mutex> lock(m_mutex);
    m_changed.wait(lock, [&] { return m_all.count(number) == 0; });
    return 1;
  }
  bool is_open(std::uint64_t number) const { return find(number) != nullptr; }
  void drop() {  // as before destroy()
    std::map<std::uint64_t, std::shared_ptr<One>> all;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      all.swap(m_all);
    }
    m_changed.notify_all();
    for (const auto& [number, one] : all) let_go(one);
  }

 private:
  struct One {
    bool beside = false, running = false, full = false, over = false;
    std::deque<Step> steps;
    std::function<void()> gone;
  };

  std::shared_ptr<One> find(std::uint64_t number) const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    const auto at = m_all.find(number);
    return at == m_all.end() ? nullptr : at->second;
  }
  void go(std::uint64_t number) {
    const auto one = find(number);
    if (!one) return;
    for (;;) {
      Step step;
      {
        const std::lock_guard<std::mutex> lock(m_mutex);
        if (one->running || one->full || one->over || one->steps.empty()) return;
        step = std::move(one->steps.front());
        one->steps.pop_front();
        one->running = true;
        one->full = true;  // so that a resume() within is not lost
      }
      berth_flow flow = BERTH_OK;
      {
        const NoWaiting hearing;
        flow = step();
      }
      bool last = false;
      {
        const std::lock_guard<std::mutex> lock(m_mutex);
        one->running = false;
        if (flow == BERTH_OK) one->full = false;
        last = one->steps.empty() || one->over;
      }
      if (last) return end(number, one);
    }
  }
  void end(std::uint64_t number, const std::shared_ptr<One>& one) {
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      m_all.erase(number);
      one->over = true;
      if (one->running) return;  // go() ends it after its step
    }
    m_changed.notify_all();
    let_go(one);
  }
  void let_go(const std::shared_ptr<One>& one) {
    std::function<void()> gone;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      one->over = true;
      gone.swap(one->gone);
    }
    if (gone) gone();
  }

  const Later m_later;
  mutable std::mutex m_mutex;  // guards what follows, and each errand
  std::condition_variable m_changed;
  std::map<std::uint64_t, std::shared_ptr<One>> m_all;
  std::uint64_t m_last = 0;
};

}  // namespace berth::check

#endif

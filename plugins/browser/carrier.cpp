// The thread is begun when it is first wanted: most sessions touch no file.
#include "carrier.hpp"

namespace browser {

void Carrier::add(std::function<void()> work) {
  const std::lock_guard lock(m_mutex);
  if (m_ending) return;
  m_work.push_back(std::move(work));
  if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
  m_changed.notify_one();
}

void Carrier::end() {
  {
    const std::lock_guard lock(m_mutex);
    m_ending = true;
    m_changed.notify_one();
  }
  if (m_thread.joinable()) m_thread.join();
  m_work.clear();
}

void Carrier::run() {
  std::unique_lock lock(m_mutex);
  for (;;) {
    m_changed.wait(lock, [this] { return m_ending || !m_work.empty(); });
    if (m_ending) return;
    {  // what it holds may give us more to do when it goes
      const auto work = std::move(m_work.front());
      m_work.pop_front();
      lock.unlock();
      work();
    }
    lock.lock();
  }
}

}  // namespace browser

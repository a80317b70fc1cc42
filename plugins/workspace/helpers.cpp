// They are started when they are first called, and then stay: asleep they cost next to nothing.
#include "helpers.hpp"

#include <algorithm>
#include <system_error>

namespace workspace {

namespace {

constexpr std::size_t most_processors = 8;

}  // namespace

std::size_t Helpers::usual() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_processors) - 1;
}

Helpers::~Helpers() {
  {
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_over = true;
  }
  m_called.notify_all();
  for (std::thread& one : m_threads) one.join();
}

void Helpers::run() {
  Room room;
  std::unique_lock<std::mutex> lock(m_mutex);
  while (!m_over) {
    Sharing* const sharing = choose();
    if (!sharing) {
      room = Room();
      ++m_idle;
      m_called.wait(lock);
      --m_idle;
      continue;
    }
    ++sharing->m_inside;
    lock.unlock();
    sharing->m_work.do_part(room);
    lock.lock();
    if (--sharing->m_inside == 0) m_left.notify_all();
  }
}

Helpers::Sharing* Helpers::choose() {
  const auto found =
      std::find_if(m_all.begin(), m_all.end(), [](const Sharing* one) { return one->m_work.has_parts(); });
  if (found == m_all.end()) return nullptr;
  m_all.splice(m_all.end(), m_all, found);
  return *found;
}

// Without the thread there is only less help.
void Helpers::start_one() {
  try {
    m_threads.emplace_back([this] { run(); });
  } catch (const std::system_error&) {
  }
}

Helpers::Sharing::Sharing(Helpers& helpers, Shareable& work) : m_helpers(helpers), m_work(work) {
  const std::lock_guard<std::mutex> lock(m_helpers.m_mutex);
  m_helpers.m_all.push_front(this);
}

Helpers::Sharing::~Sharing() {
  std::unique_lock<std::mutex> lock(m_helpers.m_mutex);
  m_helpers.m_all.remove(this);
  m_helpers.m_left.wait(lock, [this] { return m_inside == 0; });
}

void Helpers::Sharing::call() {
  const std::lock_guard<std::mutex> lock(m_helpers.m_mutex);
  if (m_helpers.m_idle > 0)
    m_helpers.m_called.notify_one();
  else if (m_helpers.m_threads.size() < m_helpers.m_most)
    m_helpers.start_one();
}

}  // namespace workspace

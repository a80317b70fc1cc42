// An ordered line of moments; the loop's timer is always set for the first of them.
#include "service/timers.hpp"

#include <boost/asio/steady_timer.hpp>
#include <algorithm>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace berth::service {

namespace {

using Moment = std::chrono::steady_clock::time_point;

struct Entry {
  Moment due;
  std::chrono::milliseconds every{0};
  std::shared_ptr<Timers::Tick> tick;
};

}  // namespace

struct Timers::Body : std::enable_shared_from_this<Body> {
  Body(EventLoop& on, Enter through, std::size_t at_most)
      : loop(on), enter(std::move(through)), most(at_most), alarm(on.context()) {}

  void arm();
  void fire();
  void run(std::uint64_t timer);
  void again(std::uint64_t timer, Moment due);

  EventLoop& loop;
  const Enter enter;
  const std::size_t most;
  boost::asio::steady_timer alarm;  // I/O thread

  mutable std::mutex mutex;  // guards what follows
  std::unordered_map<std::uint64_t, Entry> entries;
  std::set<std::pair<Moment, std::uint64_t>> line;  // those that do not run and are not about to
  std::uint64_t last = 0;
  std::uint64_t running = 0;
  bool ended = false;
};

Timers::Timers(EventLoop& loop, Enter enter, std::size_t most)
    : m_body(std::make_shared<Body>(loop, std::move(enter), most)) {}

Timers::~Timers() { end(); }

void Timers::end() {
  std::unordered_map<std::uint64_t, Entry> dropped;  // what they hold goes outside of the lock
  {
    const std::lock_guard lock(m_body->mutex);
    m_body->ended = true;
    m_body->line.clear();
    dropped.swap(m_body->entries);
  }
  m_body->loop.post([body = m_body] { body->alarm.cancel(); });
}

std::uint64_t Timers::add(std::chrono::milliseconds after, std::chrono::milliseconds every, Tick tick) {
  constexpr std::chrono::hours longest{24 * 365 * 10};
  const Moment due = std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(after, longest);
  std::uint64_t timer = 0;
  bool first = false;
  {
    const std::lock_guard lock(m_body->mutex);
    if (m_body->ended || m_body->entries.size() >= m_body->most) return 0;
    timer = ++m_body->last;
    m_body->entries[timer] = {due, std::min<std::chrono::milliseconds>(every, longest),
                              std::make_shared<Tick>(std::move(tick))};
    m_body->line.insert({due, timer});
    first = m_body->line.begin()->second == timer;
  }
  if (first) m_body->loop.post([body = m_body] { body->arm(); });
  return timer;
}

bool Timers::cancel(std::uint64_t timer) {
  Entry dropped;
  const std::lock_guard lock(m_body->mutex);
  const auto at = m_body->entries.find(timer);
  if (at == m_body->entries.end()) return false;
  dropped = std::move(at->second);
  m_body->line.erase({dropped.due, timer});
  m_body->entries.erase(at);
  return m_body->running != timer;
}

std::size_t Timers::size() const {
  const std::lock_guard lock(m_body->mutex);
  return m_body->entries.size();
}

void Timers::Body::arm() {
  const std::lock_guard lock(mutex);
  if (line.empty()) return;
  if (alarm.expiry() == line.begin()->first) return;
  alarm.expires_at(line.begin()->first);
  alarm.async_wait([self = shared_from_this()](const boost::system::error_code& failed) {
    if (!failed) self->fire();
  });
}

void Timers::Body::fire() {
  std::vector<std::uint64_t> due;
  {
    const std::lock_guard lock(mutex);
    const auto now = std::chrono::steady_clock::now();
    while (!line.empty() && line.begin()->first <= now) {
      due.push_back(line.begin()->second);
      line.erase(line.begin());
    }
  }
  for (const auto timer : due) enter([self = shared_from_this(), timer] { self->run(timer); });
  arm();
}

void Timers::Body::run(std::uint64_t timer) {
  std::shared_ptr<Tick> tick;
  Moment next;
  std::uint64_t missed = 0;
  {
    const std::lock_guard lock(mutex);
    const auto at = entries.find(timer);
    if (at == entries.end()) return;
    tick = at->second.tick;
    const auto every = at->second.every;
    if (every.count() > 0) {
      missed = static_cast<std::uint64_t>((std::chrono::steady_clock::now() - at->second.due) / every);
      next = at->second.due + (missed + 1) * every;
    } else {
      entries.erase(at);
    }
    running = timer;
  }
  const auto finish = [this, timer, next] { again(timer, next); };
  try {
    (*tick)(timer, missed);
  } catch (...) {
    finish();
    throw;
  }
  finish();
}

// From when it was due, not from when it ran: nothing adds up.
void Timers::Body::again(std::uint64_t timer, Moment next) {
  {
    const std::lock_guard lock(mutex);
    running = 0;
    const auto at = entries.find(timer);
    if (at == entries.end()) return;
    at->second.due = next;
    line.insert({next, timer});
  }
  arm();
}

}  // namespace berth::service

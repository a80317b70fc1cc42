// The ring and its listeners.
#include "service/event_bus.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "service/text.hpp"

namespace berth::service {

namespace {

std::size_t event_weight(const Event& event) {
  return sizeof(Event) + event.topic.size() + event.session.size() + event.data.size();
}

}  // namespace

bool is_topic(std::string_view text) {
  if (text.empty() || text.size() > 200 || text.front() == '.' || text.back() == '.') return false;
  if (text.find("..") != std::string_view::npos) return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string_view::npos;
}

bool EventBus::Filter::fits(const Event& event) const {
  if (session && (event.guarded || (!event.session.empty() && event.session != *session))) return false;
  return std::any_of(topics.begin(), topics.end(), [&](const auto& glob) { return matches(glob, event.topic); });
}

// A thousand ids for each millisecond of the clock: no host publishes more for long.
EventBus::EventBus(Loop& loop, const Clock& clock, Limits limits) : m_loop(loop), m_clock(clock), m_limits(limits) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall().time_since_epoch());
  m_next = static_cast<std::uint64_t>(since.count()) * 1000;
}

std::uint64_t EventBus::publish(Event event) {
  event.id = m_next++;
  event.at = m_clock.wall();
  m_bytes += event_weight(event);
  m_ring.push_back(std::move(event));
  make_room();
  const auto id = m_next - 1;
  if (std::exchange(m_posted, true)) return id;
  m_loop.post([this, alive = std::weak_ptr(m_alive)] {
    if (alive.lock()) spread();
  });
  return id;
}

void EventBus::spread() {
  m_posted = false;
  std::erase_if(m_listeners, [](const auto& one) { return one.expired(); });
  const auto listeners = m_listeners;  // what they do may change the list
  for (const auto& weak : listeners) {
    if (const auto one = weak.lock()) one->m_news();
  }
}

void EventBus::make_room() {
  while (!m_ring.empty() && (m_ring.size() > m_limits.events || m_bytes > m_limits.bytes)) drop_oldest();
}

void EventBus::drop_oldest() {
  const Event& oldest = m_ring.front();
  for (const auto& weak : m_listeners) {
    const auto one = weak.lock();
    if (!one || one->m_next > oldest.id) continue;
    if (one->m_filter.fits(oldest)) ++one->m_lost;
    one->m_next = oldest.id + 1;
  }
  m_bytes -= event_weight(oldest);
  m_ring.pop_front();
}

void EventBus::guard(std::string_view session) {
  for (auto& event : m_ring) {
    if (event.session == session) event.guarded = true;
  }
}

void EventBus::limit(Limits limits) {
  m_limits = limits;
  make_room();
}

std::shared_ptr<EventBus::Listener> EventBus::listen(Filter filter, std::optional<std::uint64_t> after,
                                                     std::function<void()> news) {
  std::shared_ptr<Listener> one(new Listener(*this, std::move(filter), std::move(news)));
  one->m_next = after ? *after + 1 : m_next;
  if (after && *after > 0) one->m_incomplete = one->m_next < oldest() || one->m_next > m_next;
  one->m_next = std::clamp(one->m_next, oldest(), m_next);
  m_listeners.push_back(one);
  return one;
}

const Event* EventBus::Listener::next() {
  while (m_next < m_bus.m_next) {
    const Event& event = m_bus.m_ring[m_next - m_bus.m_ring.front().id];
    ++m_next;
    if (m_filter.fits(event)) return &event;
  }
  return nullptr;
}

std::uint64_t EventBus::Listener::take_lost() { return std::exchange(m_lost, 0); }

}  // namespace berth::service

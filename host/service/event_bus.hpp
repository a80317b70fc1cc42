// What happens in the host and its plugins, for whoever listens: kept in a ring, so that whoever was away hears it
// still. A listener is a place in the ring and nothing more, so that thousands cost little, and one that is slow loses
// the oldest and is told how many. Everything on the I/O thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/clock.hpp"
#include "service/loop.hpp"

namespace berth::service {

struct Event {
  std::uint64_t id = 0;      // rises by one; starts from the clock, so that it is not used again after a restart
  std::string topic;         // "plugin.died"
  std::string session = {};  // whose it is; empty: the host's
  std::string data = {};     // JSON
  bool guarded = false;      // for those alone who may see every session
  Clock::WallMoment at = {};
};

class EventBus {
 public:
  struct Limits {
    std::uint64_t events = 10'000, bytes = 16u << 20;
  };
  struct Filter {
    std::vector<std::string> topics = {"*"};  // globs
    std::optional<std::string> session = {};  // with what is for everybody; null: all there is
    bool fits(const Event& event) const;
  };
  class Listener {
   public:
    const Event* next();        // the next one for it, or null: nothing yet; valid until the next event is published
    std::uint64_t take_lost();  // of its events, how many left the ring before it came to them
    std::uint64_t position() const { return m_next - 1; }  // it was told all that it is told up to this id
    bool incomplete() const { return m_incomplete; }       // it asked for more than is kept
   private:
    friend class EventBus;
    Listener(const EventBus& bus, Filter filter, std::function<void()> news)
        : m_bus(bus), m_filter(std::move(filter)), m_news(std::move(news)) {}
    const EventBus& m_bus;
    const Filter m_filter;
    const std::function<void()> m_news;
    std::uint64_t m_next = 0, m_lost = 0;
    bool m_incomplete = false;
  };

  EventBus(Loop& loop, const Clock& clock, Limits limits);

  std::uint64_t publish(Event event);  // its id
  // `news` is called, never from within publish(), when there may be something. It listens as long as it is held.
  // After that id; null: from now on; 0: from the oldest that is kept.
  std::shared_ptr<Listener> listen(Filter filter, std::optional<std::uint64_t> after, std::function<void()> news);
  void limit(Limits limits);
  // What was published for that session until now is for those alone who may see every session: another takes its name.
  void guard(std::string_view session);
  std::uint64_t oldest() const { return m_ring.empty() ? m_next : m_ring.front().id; }

 private:
  void make_room();
  void drop_oldest();
  void spread();

  Loop& m_loop;
  const Clock& m_clock;
  Limits m_limits;
  std::deque<Event> m_ring;
  std::uint64_t m_bytes = 0, m_next = 0;
  bool m_posted = false;
  std::vector<std::weak_ptr<Listener>> m_listeners;
  const std::shared_ptr<int> m_alive = std::make_shared<int>(0);  // for what is posted
};

// What a listener hears in place of events that it did not take in time.
constexpr std::string_view lost_topic = "events.lost";
bool is_topic(std::string_view text);  // words of a-z 0-9 _, joined by dots; at most 200 bytes

}  // namespace berth::service

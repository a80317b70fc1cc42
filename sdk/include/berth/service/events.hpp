// berth.events/1 in C++17: publish what happens, hear what happens elsewhere. A member of the plugin's class.
//
//   d.service(BERTH_EVENTS);                                               // in declare()
//   explicit Shelf(berth::Context context) : m_events(context.host) {}
//   m_events.publish("shelf.added", {{"name", name}}, call.session());
//   m_events.subscribe("plugin.*", [this](const berth::Event& event) { … });
#ifndef BERTH_SERVICE_EVENTS_HPP
#define BERTH_SERVICE_EVENTS_HPP

#include <berth/call.hpp>
#include <berth/service/events.h>

#include <memory>
#include <unordered_map>

namespace berth {

struct Event {
  std::uint64_t id = 0;
  std::string topic, session;
  Json data;
};

class Events {
 public:
  using Heard = std::function<void(const Event&)>;

  explicit Events(const berth_host* host)
      : m_host(host),
        m_events(static_cast<const berth_events*>(host->service(host, detail::text(BERTH_EVENTS)))),
        m_state(std::make_unique<State>()) {}
  Events(const Events&) = delete;

  // Any thread; never blocks. With a session: for those who may see that one. ok: on its way; whoever publishes too
  // much (events.h) reads in the host's log that it was dropped.
  Flow publish(std::string_view topic, const Json& data = {}, std::string_view session = {}) const {
    if (!m_events) return Flow::wrong;
    const std::string json = json_text(data);
    return static_cast<Flow>(m_events->publish(m_host, detail::text(topic), detail::text(session), detail::text(json)));
  }

  // Any thread. `heard` is serialised like a handler and must not block. Topics are parted by blanks, '*' stands for
  // anything. The number of the subscription, or 0: not taken.
  std::uint64_t subscribe(std::string_view topics, Heard heard, std::uint64_t after = BERTH_EVENTS_NEW) {
    if (!m_events) return 0;
    const std::lock_guard<std::mutex> lock(m_state->mutex);  // an event that comes at once waits for its function
    const auto number = m_events->subscribe(m_host, detail::text(topics), after, &Events::on_event, m_state.get());
    if (number != 0) m_state->heard[number] = std::make_shared<Heard>(std::move(heard));
    return number;
  }
  void unsubscribe(std::uint64_t subscription) {
    if (!m_events) return;
    m_events->unsubscribe(m_host, subscription);
    std::shared_ptr<Heard> last;  // goes outside of the lock
    const std::lock_guard<std::mutex> lock(m_state->mutex);
    const auto at = m_state->heard.find(subscription);
    if (at == m_state->heard.end()) return;
    last = std::move(at->second);
    m_state->heard.erase(at);
  }

 private:
  struct State {
    std::mutex mutex;
    std::unordered_map<std::uint64_t, std::shared_ptr<Heard>> heard;
  };
  static void on_event(void* with, std::uint64_t subscription, const berth_event* raw) {
    auto& state = *static_cast<State*>(with);
    std::shared_ptr<Heard> heard;
    {
      const std::lock_guard<std::mutex> lock(state.mutex);
      const auto at = state.heard.find(subscription);
      if (at != state.heard.end()) heard = at->second;
    }
    if (!heard) return;
    (*heard)({raw->id, detail::copy(raw->topic), detail::copy(raw->session),
              Json::parse(detail::copy(raw->data), nullptr, false)});
  }

  const berth_host* const m_host;
  const berth_events* const m_events;
  const std::unique_ptr<State> m_state;
};

}  // namespace berth

#endif

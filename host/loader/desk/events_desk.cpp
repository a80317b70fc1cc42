// Checks what a plugin publishes and hands it what it subscribed to.
#include "loader/desk/events_desk.hpp"

#include <berth/service/events.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "loader/process/frame.hpp"
#include "loader/services/bounds.hpp"

namespace berth::loader {

void EventsDesk::publish(Note note) {
  if (!m_gate.lets(note.data.size())) return;  // the ring is everybody's, and its thread, too
  Unpacker fields(note.fields);
  service::Event event{0, fields.text(), fields.text(), std::move(note.data)};
  const bool good = fields.done() && event.topic.starts_with(m_plugin + ".") && service::is_topic(event.topic) &&
                    event.session.size() <= 100 && event.data.size() <= most_event &&
                    nlohmann::json::accept(event.data);
  if (good) m_bus.publish(std::move(event));
}

void EventsDesk::subscribe(const Note& note) {
  Unpacker fields(note.fields);
  const std::string topics = fields.text();
  const auto after = fields.number();
  if (!fields.done() || topics.size() > longest_globs || m_subscriptions.size() >= most_subscriptions) return;
  service::EventBus::Filter filter{{}, {}};
  for (std::size_t at = 0; at < topics.size() && filter.topics.size() < most_globs;) {
    const auto end = std::min(topics.find(' ', at), topics.size());
    if (end > at) filter.topics.push_back(topics.substr(at, end - at));
    at = end + 1;
  }
  const auto from = after == BERTH_EVENTS_NEW ? std::nullopt : std::optional(after);
  const auto number = note.number;
  m_subscriptions[number].listener = m_bus.listen(std::move(filter), from, [this, number] { pump(number); });
  pump(number);
}

void EventsDesk::heard(const Note& note) {
  const auto at = m_subscriptions.find(note.number);
  if (at == m_subscriptions.end()) return;
  at->second.under_way -= std::min(Unpacker(note.fields).number(), at->second.under_way);
  pump(note.number);
}

void EventsDesk::pump(std::uint64_t number) {
  const auto at = m_subscriptions.find(number);
  if (at == m_subscriptions.end()) return;
  Subscription& one = at->second;
  while (one.under_way < events_under_way) {
    if (const auto lost = one.listener->take_lost()) {
      ++one.under_way;
      give(number, {0, std::string(service::lost_topic), {}, "{\"lost\":" + std::to_string(lost) + "}"});
      continue;
    }
    const auto* event = one.listener->next();
    if (!event) return;
    ++one.under_way;
    give(number, *event);
  }
}

void EventsDesk::give(std::uint64_t number, const service::Event& event) const {
  Packer fields;
  fields.number(event.id).text(event.topic).text(event.session);
  m_tell({Verb::event, number, fields.done(), event.data});
}

}  // namespace berth::loader

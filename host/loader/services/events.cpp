// Publishing, subscribing, and the way of an event into the plugin.
#include "loader/services/events.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "loader/host_side.hpp"
#include "loader/process/frame.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/tables.hpp"
#include "loader/services/texts.hpp"
#include "service/event_bus.hpp"

namespace berth::loader {

EventsLent::EventsLent(const Lent& lent) : m_lent(lent), m_gate(lent.place().log, lent.place().plugin) {}

berth_flow EventsLent::publish(berth_text topic, berth_text session, berth_text data) {
  const auto what = view(topic);
  const bool own = what.starts_with(m_lent.place().plugin + ".") && service::is_topic(what);
  if (!own || data.size > most_event || session.size > 100) return BERTH_WRONG;
  std::string said = m_lent.masked_json(copy(data));
  if (said.size() > most_event || !nlohmann::json::accept(said)) return BERTH_WRONG;
  {
    const std::lock_guard lock(m_mutex);
    if (!m_gate.lets(said.size())) return BERTH_OK;  // taken, and dropped
  }
  Packer fields;
  fields.text(what).text(view(session));
  m_lent.say({Verb::publish, 0, fields.done(), std::move(said)});
  return BERTH_OK;
}

std::uint64_t EventsLent::subscribe(berth_text topics, std::uint64_t after, Heard heard, void* with) {
  if (!heard || topics.size == 0 || topics.size > longest_globs) return 0;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(m_mutex);
    if (m_subscriptions.size() >= most_subscriptions) return 0;
    number = ++m_last;
    m_subscriptions[number] = {heard, with, 0};
  }
  Packer fields;
  fields.text(view(topics)).number(after);
  m_lent.say({Verb::subscribe, number, fields.done()});
  return number;
}

void EventsLent::unsubscribe(std::uint64_t subscription) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_subscriptions.erase(subscription) == 0) return;
  }
  m_lent.say({Verb::unsubscribe, subscription});
}

void EventsLent::hear(Note note) {
  auto shared = std::make_shared<Note>(std::move(note));
  m_lent.place().enter([this, shared] { deliver(*shared); });
}

void EventsLent::deliver(const Note& note) {
  Subscription found;
  {
    const std::lock_guard lock(m_mutex);
    const auto at = m_subscriptions.find(note.number);
    if (at == m_subscriptions.end()) return;
    found = at->second;
    ++at->second.unsaid;
    if (at->second.unsaid >= events_under_way / 4) found.unsaid = std::exchange(at->second.unsaid, 0);
  }
  Unpacker fields(note.fields);
  const auto id = fields.number();
  const std::string topic = fields.text(), session = fields.text();
  const berth_event event{sizeof(berth_event), 0, id, text_of(topic), text_of(session), text_of(note.data)};
  found.heard(found.with, note.number, &event);
  if (found.unsaid < events_under_way / 4) return;
  Packer said;
  said.number(found.unsaid);
  m_lent.say({Verb::heard, note.number, said.done()});
}

namespace {

EventsLent& events_of(const berth_host* host) { return HostSide::of(host).lent().events(); }
berth_flow publish(const berth_host* host, berth_text topic, berth_text session, berth_text data) {
  return events_of(host).publish(topic, session, data);
}
std::uint64_t subscribe(const berth_host* host, berth_text topics, std::uint64_t after, EventsLent::Heard heard,
                        void* with) {
  return events_of(host).subscribe(topics, after, heard, with);
}
void unsubscribe(const berth_host* host, std::uint64_t subscription) { events_of(host).unsubscribe(subscription); }

}  // namespace

const void* events_table() {
  static constexpr berth_events table{sizeof(berth_events), &publish, &subscribe, &unsubscribe};
  return &table;
}

}  // namespace berth::loader

// Filters, replay, and no more than a client reads.
#include "command/event_operations.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "command/host.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

constexpr const char* description =
    "Server-sent events, each named after its topic: `plugin.loaded`, `plugin.reloaded`, "
    "`plugin.unloaded`, `plugin.gone`, `plugin.died`, `plugin.restarted`, "
    "`plugin.disabled`, `plugin.enabled`, `plugin.failed`; `job.began`, `job.done`, `job.failed`, `job.cancelled`, "
    "`job.lost`; `session.created`, `session.turn`, `session.expired`, `session.deleted`, `session.lost`, "
    "`session.broken`, "
    "`session.over_quota`, `session.limit` (that it ran into: which, how often since the last one, and why), "
    "`session.charged`; `approval.asked`, `approval.granted`, `approval.refused`, `approval.timeout`, "
    "`approval.withdrawn`; and what plugins publish under their names, policies under `policy.` and theirs. Ids rise "
    "and are not used again after a "
    "restart. Whoever "
    "sends `Last-Event-ID`, or `after`, hears first what was missed; if it is no longer all kept, or the reader is too "
    "slow, `events.lost` says so. A token for one session hears of that session, and what plugins publish for "
    "everybody; "
    "of the host and its plugins (`plugin.*`) it hears nothing.";

json input_schema() {
  const json topic{{"type", "string"}, {"minLength", 1u}, {"maxLength", 200u}};
  return {
      {"type", "object"},
      {"properties",
       {{"topic",
         {{"type", "array"},
          {"items", topic},
          {"maxItems", 16u},
          {"description", "Topics to hear, where * stands for anything; all if there is none"}}},
        {"session",
         {{"type", "string"}, {"maxLength", 100u}, {"description", "Only this session's, and what is for all"}}},
        {"after",
         {{"type", "integer"}, {"minimum", 0u}, {"description", "The id of the last event that is known; 0: all"}}}}},
      {"additionalProperties", false}};
}

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

loader::Chunk chunk_of(const service::Event& event) {
  std::string text = "{\"id\":" + std::to_string(event.id) + ",\"topic\":" + service::json_quote(event.topic) +
                     ",\"time\":" + service::json_quote(service::format_time(event.at));
  if (!event.session.empty()) text += ",\"session\":" + service::json_quote(event.session);
  text += ",\"data\":" + (event.data.empty() ? std::string("null") : event.data) + "}";
  return {std::move(text), event.topic, std::to_string(event.id), false};
}

loader::Chunk lost_chunk(std::uint64_t position, std::string data) {
  return {std::move(data), std::string(service::lost_topic), std::to_string(position), false};
}

}  // namespace

EventOperations::EventOperations(service::EventBus& events) : m_events(events) {
  loader::Operation operation;
  operation.name = "host.events";
  operation.summary = "What happens here, as it happens";
  operation.description = description;
  operation.method = "GET";
  operation.path = "/events";
  operation.kind = loader::Kind::stream;
  operation.scope = session::Scope::read;
  operation.concurrent = operation.read_only = true;
  operation.input = input_schema();
  offer(std::move(operation), Reach::session, [this](const Pointer& reply) { listen(reply); });
}

void EventOperations::listen(const Pointer& reply) {
  const auto& request = reply->request();
  const auto& asker = *request.asker;
  const json input = json::parse(request.input);
  service::EventBus::Filter filter;
  if (input.contains("topic") && !input["topic"].empty())
    filter.topics = input["topic"].get<std::vector<std::string>>();
  if (asker.who.session)
    filter.session = asker.who.session;
  else if (asker.session != "main")
    filter.session = asker.session;
  if (input.contains("session")) {
    const std::string wanted = input["session"];
    if (filter.session && *filter.session != wanted) {
      reply->fail({403, "wrong_session", "this is for the session \"" + *filter.session + "\" alone"});
      return;
    }
    filter.session = wanted;
  }
  std::optional<std::uint64_t> after;
  if (input.contains("after")) after = input["after"].get<std::uint64_t>();
  if (!request.last_event_id.empty()) after = number(request.last_event_id).value_or(1);  // not ours: too old
  const auto ticket = reply->ticket = ++m_last;
  auto listener = m_events.listen(std::move(filter), after, [this, ticket] { pump(ticket); });
  m_open[ticket] = {reply, listener, false};
  if (listener->incomplete())
    reply->chunk(
        lost_chunk(listener->position(), "{\"complete\":false,\"oldest\":" + std::to_string(m_events.oldest()) + "}"));
  pump(ticket);
}

// What a chunk sets off may end the call, hence the look each time.
void EventOperations::pump(std::uint64_t ticket) {
  for (;;) {
    const auto at = m_open.find(ticket);
    if (at == m_open.end() || at->second.full) return;
    const auto reply = at->second.reply;
    const auto listener = at->second.listener;
    const auto lost = listener->take_lost();
    const auto* event = lost > 0 ? nullptr : listener->next();
    if (lost == 0 && !event) return;
    at->second.full = true;  // so that a drained() within is not lost
    const auto flow = reply->chunk(event ? chunk_of(*event)
                                         : lost_chunk(listener->position(), "{\"lost\":" + std::to_string(lost) + "}"));
    const auto again = m_open.find(ticket);
    if (again != m_open.end() && flow != loader::Flow::full) again->second.full = false;
  }
}

void EventOperations::drained(std::shared_ptr<loader::Reply> reply) {
  const auto at = m_open.find(reply->ticket);
  if (at == m_open.end()) return;
  at->second.full = false;
  pump(at->first);
}

void EventOperations::end() {
  for (const auto& [ticket, open] : std::exchange(m_open, {})) open.reply->finish(0, {});
}

void EventOperations::cancel(std::shared_ptr<loader::Reply> reply) {
  if (m_open.erase(reply->ticket) > 0) reply->finish(0, {});
}

}  // namespace berth::command

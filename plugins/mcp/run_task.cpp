// A call that lasts, for a client that knows tasks: it is told where to look, and looks again. From 2026-07-28 on the
// server says which calls are tasks, in 2025-11-25 the client does.
#include <ctime>
#include <utility>

#include "run.hpp"

namespace mcp {

namespace {

const char* word_of(Run::Ending how) {
  return how == Run::Ending::completed ? "completed" : how == Run::Ending::failed ? "failed" : "cancelled";
}

}  // namespace

std::string Run::now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", ::gmtime_r(&now, &utc));
  return text;
}

bool Run::may_be_task() const {
  return m_order.client.modern && m_order.offer->as == Offer::As::tool &&
         part(m_order.client.capabilities, "extensions").contains(tasks_extension);
}

void Run::become_task() {
  m_task_timer = 0;
  if (m_over || m_parked || is_task()) return;
  m_task = m_around.keep_task(shared_from_this());
  if (m_task.empty()) return;  // no room: its client waits
  m_order.client.progress_token = nullptr;
  m_call.reset();
  m_out->answer(result_text(m_order.id, task_told("task", false)));
}

// Its first call is made in its client's name, before that is answered.
void Run::begin_as_task() {
  m_task = m_around.keep_task(shared_from_this());
  if (m_task.empty())
    return wrong({internal_error, "too many tasks are kept here: wait for some of them", nullptr, 503});
  const Json created = task_of_session();
  begin();
  if (!m_over) begin_timers();
  m_call.reset();
  m_out->answer(result_text(m_order.id, {{"task", created}}));
}

// Whoever waited for a task may have left by now.
bool Run::client_is_there() {
  if (is_task() && m_call && m_call->cancelled()) m_call.reset();
  return m_call.has_value();
}

// What could not be done without its client.
void Run::catch_up() {
  if (std::exchange(m_unheard, false)) reply(*m_call, Json::object());
  if (!m_due) return;
  const Step due = *std::exchange(m_due, std::nullopt);
  call_operation(*m_order.catalogue->operation(due.operation), due.input);
}

void Run::visited(const berth::Call& call) {
  if ((!m_due && !m_unheard) || m_over) return;
  m_call = call;
  catch_up();
  m_call.reset();
}

// What a task tells goes with its id, and from 2026-07-28 on nowhere.
void Run::tell(Json message) {
  if (!is_task()) return m_out->send(message);
  if (m_order.client.modern) return;
  message["params"]["_meta"][related_task] = {{"taskId", m_task}};
  m_around.tell(*this, message);
}

const char* Run::state() const {
  if (m_over) return word_of(m_ending);
  return m_asked.requests.empty() ? "working" : "input_required";
}

Json Run::task_of_session() const {
  const bool failed = m_over && m_ending == Ending::completed && part(m_outcome, "isError") == true;
  return {{"taskId", m_task},
          {"status", failed ? "failed" : state()},
          {"createdAt", m_begun},
          {"lastUpdatedAt", m_changed},
          {"ttl", m_order.task_time.value_or(task_time).count()},
          {"pollInterval", 1000}};
}

void Run::wait_for_result(const berth::Call& call, std::shared_ptr<Stream> stream, Json id) {
  if (m_over) return stream->answer(result_for(id));
  visited(call);
  if (m_over) return stream->answer(result_for(id));
  m_call = call;                           // which stays open
  if (m_waiters.size() >= most_waiters) {  // the first goes
    const auto [gone, its_id] = std::move(m_waiters.front());
    m_waiters.erase(m_waiters.begin());
    gone->answer(error_text(its_id, {internal_error, "too many wait for the result of this task", nullptr, 200}));
  }
  m_waiters.emplace_back(std::move(stream), std::move(id));
  m_out = m_waiters.back().first;
  ask_in_session();
}

void Run::close_waiters() {
  for (const auto& [stream, id] : std::exchange(m_waiters, {}))
    stream->answer(error_text(id, {internal_error, "the session has ended; the task goes on", nullptr, 200}));
}

// Its client is asked where it waits for the result, and of no other stream it is sure that somebody reads it.
void Run::ask_in_session() {
  if (is_task() && m_waiters.empty()) return;
  for (auto [key, request] : m_asked.requests.items()) {
    if (m_responses.contains(key)) continue;
    Json asked = request;
    if (is_task()) asked["params"]["_meta"][related_task] = {{"taskId", m_task}};
    m_around.ask(shared_from_this(), key, asked);
  }
}

std::string Run::result_for(const Json& id) const {
  if (m_ending == Ending::cancelled) return error_text(id, {internal_error, "the task was cancelled", nullptr, 200});
  if (m_ending == Ending::failed) {
    const Json& words = part(m_outcome, "message");
    return error_text(id, {part(m_outcome, "code").get<int>(), words.get<std::string>(), nullptr, 200});
  }
  Json result = m_outcome;
  result["_meta"][related_task] = {{"taskId", m_task}};
  return result_text(id, result);
}

// As `tasks/get` tells it, or the answer that makes it.
Json Run::task_told(const char* type, bool detailed) const {
  Json told{{"resultType", type},         {"taskId", m_task},           {"status", state()},     {"createdAt", m_begun},
            {"lastUpdatedAt", m_changed}, {"ttlMs", task_time.count()}, {"pollIntervalMs", 1000}};
  if (!detailed) return told;
  if (!m_over)
    for (const auto& [key, request] : m_asked.requests.items())
      if (!m_responses.contains(key)) told["inputRequests"][told_key(key)] = request;
  if (m_over && m_ending != Ending::cancelled) told[m_ending == Ending::completed ? "result" : "error"] = m_outcome;
  return told;
}

void Run::task_ended(Ending how, Json outcome) {
  m_ending = how;
  m_outcome = std::move(outcome);
  m_changed = now_text();
  m_over = true;
  for (const auto& [stream, id] : std::exchange(m_waiters, {})) stream->answer(result_for(id));
  m_around.task_changed(*this);
}

// No key is used for two questions of one task.
std::string Run::told_key(const std::string& key) const {
  return m_questions < 2 ? key : key + "-" + std::to_string(m_questions);
}

// What its client has been asked for, or a part of it.
void Run::task_updated(const berth::Call& call, const Json& given) {
  if (m_over || m_asked.requests.empty()) return;
  m_changed = now_text();
  const Json asked = m_asked.requests;
  for (const auto& [key, request] : asked.items()) {
    const auto response = given.find(told_key(key));
    if (response == given.end() || m_responses.contains(key)) continue;
    responded(call, key, *response);
    if (m_over || m_asked.requests.empty()) return;
  }
}

}  // namespace mcp

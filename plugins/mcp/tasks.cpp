// io.modelcontextprotocol/tasks, and the tasks of 2025-11-25: calls that last, looked at again by their ids.
#include <algorithm>
#include <utility>

#include "plugin.hpp"

namespace mcp {

namespace {
constexpr std::size_t most_tasks = 1000;
}  // namespace

// An empty text: there is no room for one more.
std::string Plugin::keep_task(std::shared_ptr<Run> run) {
  if (m_tasks.size() >= most_tasks && !drop_oldest(m_tasks, [](const Kept& one) { return one.run->over(); })) return {};
  std::string id = random_name();
  const Owner owner = run->order().owner;
  m_tasks[id] = {run, owner, std::chrono::steady_clock::now() + run->order().task_time.value_or(task_time)};
  return id;
}

bool Plugin::knows_tasks(const Request& request) {
  if (!request.client.modern || part(request.client.capabilities, "extensions").contains(tasks_extension)) return true;
  const Json needed{{"extensions", {{tasks_extension, Json::object()}}}};
  refuse(request, {missing_capability,
                   std::string("Missing required client capability: ") + tasks_extension,
                   {{"requiredCapabilities", needed}}});
  return false;
}

std::shared_ptr<Run> Plugin::find_task(const Request& request, const Json& id) const {
  const auto at = id.is_string() ? m_tasks.find(id.get<std::string>()) : m_tasks.end();
  const bool is_his = at != m_tasks.end() && at->second.owner == owner_of(request.call, request.selection);
  return is_his ? at->second.run : nullptr;
}

// Null, and refused: it is nobody's, or another one's.
std::shared_ptr<Run> Plugin::task_of(Request& request) {
  if (!knows_tasks(request)) return nullptr;
  auto run = find_task(request, part(request.message.params, "taskId"));
  if (!run) refuse(request, {invalid_params, "taskId is none of yours, or its time is over", nullptr, 200});
  return run;
}

void Plugin::get_task(Request& request) {
  const auto run = task_of(request);
  if (!run) return;
  run->visited(request.call);
  answer(request, request.client.modern ? run->task_told("complete", true) : run->task_of_session());
}

void Plugin::update_task(Request& request) {
  const auto run = task_of(request);
  if (!run) return;
  const Json& given = part(request.message.params, "inputResponses");
  if (!given.is_object()) return refuse(request, {invalid_params, "inputResponses must be an object", nullptr, 200});
  run->visited(request.call);
  run->task_updated(request.call, given);
  answer(request, Json::object());
}

void Plugin::cancel_task(Request& request) {
  const auto run = task_of(request);
  if (!run) return;
  if (!request.client.modern && run->over())
    return refuse(request, {invalid_params, "this task has ended already", nullptr, 200});
  run->cancel();
  answer(request, request.client.modern ? Json::object() : run->task_of_session());
}

// Its stream is the one that its client is asked on, if the task wants to know something.
void Plugin::task_result(Request& request) {
  const auto run = task_of(request);
  if (!run) return;
  if (const auto before = run->order().session.lock(); before != request.session) {
    if (before) before->end(*run);
    run->belongs_to(request.session);
  }
  const auto stream = stream_of(request);
  if (!request.shared) stream->attach(request.call);
  run->wait_for_result(request.call, stream, request.message.id);
  if (request.shared) request.accept();
}

// In the order of their ids, which is none; a cursor is the last one that was shown.
void Plugin::list_tasks(Request& request) {
  const Json& cursor = part(request.message.params, "cursor");
  if (!cursor.is_null() && !cursor.is_string())
    return refuse(request, {invalid_params, "that is no cursor of this list: begin without one", nullptr, 200});
  const Owner owner = owner_of(request.call, request.selection);
  Json result{{"tasks", Json::array()}};
  auto at = cursor.is_string() ? m_tasks.upper_bound(cursor.get<std::string>()) : m_tasks.begin();
  for (std::string last; at != m_tasks.end(); ++at) {
    if (!(at->second.owner == owner)) continue;
    if (result["tasks"].size() >= m_settings.page) {
      result["nextCursor"] = last;
      break;
    }
    result["tasks"].push_back(at->second.run->task_of_session());
    last = at->first;
  }
  answer(request, std::move(result));
}

void Plugin::tell(Run& run, const Json& message) {
  const auto session = run.order().session.lock();
  if (!session) return;
  const auto& stream = run.out()->attached() && run.out()->opened() ? run.out() : session->listening;
  if (stream) stream->send(message);
}

void Plugin::task_changed(Run& run) {
  if (const auto session = run.order().session.lock(); session && session->listening)
    session->listening->send(notification("notifications/tasks/status", run.task_of_session()));
  const auto listeners = m_listeners;
  for (const auto& [number, one] : listeners) {
    const Json& tasks = part(one.wanted, "taskIds");
    if (std::find(tasks.begin(), tasks.end(), Json(run.task())) == tasks.end()) continue;
    Json told = run.task_told("complete", true);
    told.erase("resultType");
    told["_meta"] = {{meta_subscription, one.id}};
    one.stream->send(notification("notifications/tasks", std::move(told)));
  }
}

}  // namespace mcp

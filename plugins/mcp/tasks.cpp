// io.modelcontextprotocol/tasks: calls that last, looked at again by their ids.
#include <algorithm>
#include <utility>

#include "plugin.hpp"

namespace mcp {

namespace {
constexpr std::size_t most_tasks = 1000;
}  // namespace

// An empty text: there is no room for one more.
std::string Plugin::keep_task(std::shared_ptr<Run> run) {
  if (m_tasks.size() >= most_tasks) {
    auto oldest = m_tasks.end();
    for (auto at = m_tasks.begin(); at != m_tasks.end(); ++at)
      if (at->second.run->over() && (oldest == m_tasks.end() || at->second.until < oldest->second.until)) oldest = at;
    if (oldest == m_tasks.end()) return {};
    m_tasks.erase(oldest);
  }
  std::string id = random_name();
  const Owner owner = run->order().owner;
  m_tasks[id] = {std::move(run), owner, std::chrono::steady_clock::now() + task_time};
  return id;
}

void Plugin::forget_tasks() {
  const auto now = std::chrono::steady_clock::now();
  for (auto at = m_tasks.begin(); at != m_tasks.end();) {
    if (at->second.until > now) {
      ++at;
      continue;
    }
    const auto run = at->second.run;
    at = m_tasks.erase(at);
    run->cancel();
  }
}

// Null, and refused: it is nobody's, or another one's.
std::shared_ptr<Run> Plugin::task_of(Request& request) {
  if (!part(request.client.capabilities, "extensions").contains(tasks_extension)) {
    const Json needed{{"extensions", {{tasks_extension, Json::object()}}}};
    refuse(request, {missing_capability,
                     std::string("Missing required client capability: ") + tasks_extension,
                     {{"requiredCapabilities", needed}}});
    return nullptr;
  }
  const Json& id = part(request.message.params, "taskId");
  const auto at = id.is_string() ? m_tasks.find(id.get<std::string>()) : m_tasks.end();
  if (at != m_tasks.end() && at->second.owner == owner_of(request.call, request.selection)) return at->second.run;
  refuse(request, {invalid_params, "taskId is none of yours, or its time is over", nullptr, 200});
  return nullptr;
}

void Plugin::get_task(Request& request) {
  if (const auto run = task_of(request)) answer(request, run->task_told("complete", true));
}

void Plugin::update_task(Request& request) {
  const auto run = task_of(request);
  if (!run) return;
  const Json& given = part(request.message.params, "inputResponses");
  if (!given.is_object()) return refuse(request, {invalid_params, "inputResponses must be an object", nullptr, 200});
  run->task_updated(request.call, given);
  answer(request, Json::object());
}

void Plugin::cancel_task(Request& request) {
  const auto run = task_of(request);
  if (!run) return;
  run->cancel();
  answer(request, Json::object());
}

}  // namespace mcp

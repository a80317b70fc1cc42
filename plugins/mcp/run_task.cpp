// A call that lasts, for a client of 2026-07-28 that knows tasks: it is told where to look, and looks again.
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
  m_out->answer(result_text(m_order.id, task_told("task", false)));
}

// As `tasks/get` tells it, or the answer that makes it.
Json Run::task_told(const char* type, bool detailed) const {
  const bool asks = !m_over && !m_asked.requests.empty();
  Json told{{"resultType", type},
            {"taskId", m_task},
            {"status", m_over ? word_of(m_ending)
                       : asks ? "input_required"
                              : "working"},
            {"createdAt", m_begun},
            {"lastUpdatedAt", m_changed},
            {"ttlMs", task_time.count()},
            {"pollIntervalMs", 1000}};
  if (!detailed) return told;
  if (asks)
    for (const auto& [key, request] : m_asked.requests.items())
      if (!m_responses.contains(key)) told["inputRequests"][key] = request;
  if (m_over && m_ending != Ending::cancelled) told[m_ending == Ending::completed ? "result" : "error"] = m_outcome;
  return told;
}

void Run::task_ended(Ending how, Json outcome) {
  m_ending = how;
  m_outcome = std::move(outcome);
  m_changed = now_text();
}

// What its client has been asked for, or a part of it.
void Run::task_updated(const berth::Call& call, const Json& given) {
  if (m_over || m_asked.requests.empty()) return;
  m_changed = now_text();
  for (const auto& [key, response] : given.items()) {
    if (!m_asked.requests.contains(key) || m_responses.contains(key)) continue;
    responded(call, key, response);
    if (m_over || m_asked.requests.empty()) return;
  }
}

}  // namespace mcp

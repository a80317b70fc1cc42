// A tool whose operation has begun a job: its client wanted to hear of progress, or a task, so what the job tells is
// progress, and how the job ends is how the tool does. For others its answer is the job's id.
#include <algorithm>
#include <utility>

#include "content.hpp"
#include "run.hpp"

namespace mcp {

namespace {

constexpr const char* events_of_a_job = "host.job_events";
constexpr double least_step = 0.01;  // a client is told of more progress each time

// The answer to a call that has begun one, which has nothing else in it.
std::string job_in(const Json& answer) {
  const Json& job = part(answer, "job");
  return answer.size() == 1 && job.is_string() ? job.get<std::string>() : "";
}

berth::Error error_of(const Json& job) {
  const Json& error = part(job, "error");
  const auto words = [&error](const char* name) {
    const Json& text = part(error, name);
    return text.is_string() ? text.get<std::string>() : "";
  };
  const Json& status = part(error, "status");
  return {status.is_number() ? status.get<int>() : 500, words("code"), words("detail"), words("hint")};
}

}  // namespace

bool Run::follows(const Json& answer) {
  if (m_step->kind != "call" || !m_job.empty()) return false;
  if (m_order.client.progress_token.is_null() && !is_task()) return false;
  const std::string job = job_in(answer);
  const Offer* events = m_order.catalogue->operation(events_of_a_job);
  if (job.empty() || !events) return false;
  m_job = job;
  call_operation(*events, {{"id", job}});
  return true;
}

void Run::on_job(std::string_view event, const Json& job) {
  if (event == "progress") {
    const Json &percent = part(job, "percent"), &text = part(job, "text");
    if (percent.is_null() && text.is_null()) return;  // it has told nothing yet
    m_progress = std::max(percent.is_number() ? percent.get<double>() : 0.0, m_progress + least_step);
    Json told{{"progress", m_progress}, {"message", text}};
    if (percent.is_number() && m_progress <= 100) told["total"] = 100;
    return on_progress(told);
  }
  m_job_over = true;
  if (event == "done") return succeed(tool_result(*m_order.offer, part(job, "result")));
  if (event == "cancelled") return fail({409, "job_cancelled", "the job was cancelled"});
  fail(error_of(job));  // failed, or lost
}

// Its client may not look at jobs, or its end came too late to be seen: the id is what it has of it.
bool Run::job_is_unseen(const std::string& why) {
  if (m_job.empty() || m_job_over) return false;
  Json result = tool_result(*m_order.offer, {{"job", m_job}});
  result["content"].push_back(told("The job was not followed to its end: " + why)["content"][0]);
  succeed(std::move(result));
  return true;
}

// With the session's rights: who has left has no name to do it in, and no other session's job is reached.
void Run::cancel_job() {
  if (m_job.empty() || m_job_over) return;
  berth::Ask ask("host.job_cancel", {{"id", m_job}});
  ask.session(m_order.owner.seat).as_session();
  m_around.calls().start(ask, {});
}

}  // namespace mcp

// Who sees which job, and in what words.
#include "command/job_operations.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "command/host.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using service::Job;

namespace {

// By hand, since the result is JSON already and may be large.
std::string describe_job(const Job& job, bool whole) {
  json out{{"id", job.id},
           {"state", name_of(job.state)},
           {"plugin", job.plugin},
           {"operation", job.operation},
           {"session", job.session},
           {"caller", job.caller},
           {"began", service::format_time(job.began)},
           {"changed", service::format_time(job.changed)}};
  if (job.percent >= 0) out["percent"] = job.percent;
  if (!job.text.empty()) out["text"] = job.text;
  if (job.ended) out["ended"] = service::format_time(*job.ended);
  if (job.error)
    out["error"] = {{"status", job.error->status},
                    {"code", job.error->code},
                    {"detail", job.error->message},
                    {"hint", job.error->hint}};
  std::string text = out.dump(-1, ' ', false, json::error_handler_t::replace);
  if (!whole || job.result.empty()) return text;
  text.back() = ',';
  return text + "\"result\":" + job.result + "}";
}

// Those of the session that the path names or the token is for; whoever is bound to none sees all at the bare path.
bool sees(const session::Asker& asker, const Job& job) {
  if (asker.who.session) return job.session == *asker.who.session;
  return asker.session == "main" || job.session == asker.session;
}

}  // namespace

JobOperations::JobOperations(service::JobStore& jobs) : m_jobs(jobs) {
  const json id = text_field("The job's id, as its call was answered");
  const json state{{"type", "string"}, {"enum", {"running", "done", "failed", "cancelled", "lost"}}};
  add(own_operation("host.jobs", "GET", "/jobs", "Jobs that go on, and those that ended lately, the latest first",
                    {{"state", state},
                     {"plugin", text_field("Only this plugin's")},
                     {"session", text_field("Only this session's")}}),
      &JobOperations::list);
  auto one = own_operation("host.job", "GET", "/jobs/{id}", "How far a job is, and its result", {{"id", id}});
  one.description =
      "`state` is `running`, or one of the ends: `done` (with `result`), `failed` (with `error`), `cancelled`, `lost` "
      "(its plugin is gone). What has ended is kept for a while, in memory alone (`jobs { … }` in berth.lua).";
  add(std::move(one), &JobOperations::show);
  add(own_operation("host.job_cancel", "POST", "/jobs/{id}/cancel", "Ends a job; its plugin is told", {{"id", id}}),
      &JobOperations::stop);
  auto events =
      own_operation("host.job_events", "GET", "/jobs/{id}/events", "A job's progress, until it ends", {{"id", id}});
  events.kind = loader::Kind::stream;
  events.description = "Server-sent events `progress`, then one named after the state it ended in, each with the job.";
  add(std::move(events), &JobOperations::watch);
}

void JobOperations::add(loader::Operation operation, Member member) {
  operation.idempotent = true;
  operation.scope = operation.read_only ? session::Scope::read : session::Scope::run;
  offer(std::move(operation), Reach::session, [this, member](const Pointer& reply) { (this->*member)(reply); });
}

void JobOperations::list(const std::shared_ptr<loader::Reply>& reply) {
  constexpr std::size_t most = 1000;
  const json input = json::parse(reply->request().input);
  const auto wants = [&](const char* field, std::string_view value) {
    return !input.contains(field) || input[field] == value;
  };
  std::string all = "{\"jobs\":[";
  std::size_t count = 0;
  for (const auto& job : m_jobs.all()) {
    const bool fits = sees(*reply->request().asker, *job) && wants("state", name_of(job->state)) &&
                      wants("plugin", job->plugin) && wants("session", job->session);
    if (!fits || ++count > most) continue;
    all += (count > 1 ? "," : "") + describe_job(*job, false);
  }
  reply->send(all + "],\"more\":" + (count > most ? "true}" : "false}"));
}

service::JobStore::Pointer JobOperations::find(loader::Reply& reply) {
  const std::string id = json::parse(reply.request().input).at("id");
  auto job = m_jobs.find(id);
  if (job && sees(*reply.request().asker, *job)) return job;
  reply.fail({404, "not_found", "there is no job " + id,
              "jobs that ended are forgotten after a while, and all of them when the host starts again; GET /jobs"});
  return nullptr;
}

void JobOperations::show(const std::shared_ptr<loader::Reply>& reply) {
  if (const auto job = find(*reply)) reply->send(describe_job(*job, true));
}

void JobOperations::stop(const std::shared_ptr<loader::Reply>& reply) {
  const auto job = find(*reply);
  if (!job) return;
  if (!m_jobs.cancel(job->id) && job->state != Job::State::cancelled) {
    reply->fail({409, "ended", "the job is " + std::string(name_of(job->state)) + " already", "GET /jobs/" + job->id});
    return;
  }
  reply->send(describe_job(*job, true));
}

void JobOperations::watch(const std::shared_ptr<loader::Reply>& reply) {
  const auto job = find(*reply);
  if (!job) return;
  const auto ticket = reply->ticket = ++m_last;
  m_watched[ticket] = {reply, job, m_jobs.watch(job->id, [this, ticket] {
                         const auto at = m_watched.find(ticket);
                         if (at == m_watched.end()) return;
                         at->second.news = true;
                         tell(ticket);
                       })};
  tell(ticket);
}

// A slow client gets the latest only. What a chunk sets off may end the call.
void JobOperations::tell(std::uint64_t ticket) {
  const auto at = m_watched.find(ticket);
  if (at == m_watched.end() || at->second.full || !std::exchange(at->second.news, false)) return;
  const auto reply = at->second.reply;
  const auto job = at->second.job;
  const bool over = job->ended.has_value();
  const std::string name(over ? name_of(job->state) : "progress");
  at->second.full = true;
  const auto flow = reply->chunk({describe_job(*job, true), name, {}, false});
  if (over) {
    m_watched.erase(ticket);
    reply->finish(0, {});
    return;
  }
  const auto again = m_watched.find(ticket);
  if (again != m_watched.end() && flow != loader::Flow::full) again->second.full = false;
}

void JobOperations::drained(std::shared_ptr<loader::Reply> reply) {
  const auto at = m_watched.find(reply->ticket);
  if (at == m_watched.end()) return;
  at->second.full = false;
  tell(at->first);
}

void JobOperations::cancel(std::shared_ptr<loader::Reply> reply) {
  if (m_watched.erase(reply->ticket) > 0) reply->finish(0, {});
}

}  // namespace berth::command

// The answer with which a job begins, and every way in which it ends.
#include "loader/desk/jobs_desk.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "service/text.hpp"

namespace berth::loader {

void JobsDesk::begin(std::uint64_t number, const std::shared_ptr<Reply>& call, std::string operation) {
  if (!call || call->cancelled()) return m_tell({Verb::job_cancel, number});  // nobody knows of it, or ever will
  if (m_jobs.size() >= most_jobs || m_jobs.contains(number)) {
    call->fail({503, "busy", m_plugin + " has too many jobs"});
    return m_tell({Verb::job_cancel, number});
  }
  const auto asker = call->request().asker;
  service::Job job;
  job.plugin = m_plugin;
  job.operation = operation;
  job.session = asker->session;
  job.caller = asker->who.name;
  job.request_id = asker->request_id;
  const auto made = m_store.begin(std::move(job), [this, number, alive = std::weak_ptr(m_alive)] {
    if (alive.lock()) cancelled(number);
  });
  m_jobs[number] = {made->id, std::move(operation), asker};
  const std::string place = asker->session == "main" ? "" : "/sessions/" + asker->session;
  const Flow flow = call->accept("{\"job\":" + service::json_quote(made->id) + "}", place + "/jobs/" + made->id);
  if (flow == Flow::ok) return;
  if (flow == Flow::wrong)
    call->fail({500, "plugin_error", "the plugin began a job for an operation that cannot have one",
                "its author: jobs are for operations of kind call"});
  m_store.cancel(made->id);
}

void JobsDesk::cancelled(std::uint64_t number) {
  if (m_jobs.erase(number) == 0) return;
  m_tell({Verb::job_cancel, number});
  if (m_on_cancel) m_on_cancel(number);
}

std::string JobsDesk::take(std::uint64_t number) {
  const auto node = m_jobs.extract(number);
  return node ? node.mapped().id : std::string();
}

void JobsDesk::report(const Note& note) {
  const auto at = m_jobs.find(note.number);
  if (at == m_jobs.end()) return;
  Unpacker fields(note.fields);
  const auto percent = fields.number();
  std::string text = fields.text();
  if (!fields.done() || percent > 101 || text.size() > most_job_text) return;
  m_store.report(at->second.id, static_cast<int>(percent) - 1, std::move(text));
}

void JobsDesk::done(Note note) {
  const std::string id = take(note.number);
  if (note.data.size() <= most_result && nlohmann::json::accept(note.data))
    m_store.done(id, std::move(note.data));
  else
    m_store.failed(id, {500, "plugin_error", "the plugin gave a result that is no JSON, or too large"});
}

void JobsDesk::failed(const Note& note) { m_store.failed(take(note.number), unpack_error(note.fields)); }

void JobsDesk::reset(const std::string& why) {
  for (const auto& [number, job] : std::exchange(m_jobs, {})) m_store.lost(job.id, why);
}

void JobsDesk::give_up(const std::string& why) {
  const auto all = m_jobs;
  for (const auto& [number, job] : all) {
    m_store.lost(job.id, why);
    cancelled(number);
  }
}

std::vector<HeldJob> JobsDesk::held() const {
  std::vector<HeldJob> all;
  for (const auto& [number, job] : m_jobs) all.push_back({job.id, job.operation, job.asker->who.name});
  return all;
}

std::shared_ptr<const session::Asker> JobsDesk::asker_of(std::uint64_t number) const {
  const auto at = m_jobs.find(number);
  return at == m_jobs.end() ? nullptr : at->second.asker;
}

}  // namespace berth::loader

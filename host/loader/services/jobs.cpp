// A job takes the place of its call's answer.
#include "loader/services/jobs.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "loader/host_side.hpp"
#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/tables.hpp"
#include "loader/services/texts.hpp"

namespace berth::loader {

std::uint64_t JobsLent::begin(berth_call call, Cancelled cancelled, void* with) {
  std::uint64_t number = 0;
  std::shared_ptr<Reply> reply;
  {
    const std::lock_guard lock(m_mutex);
    if (m_jobs.size() >= most_jobs) return 0;
    reply = m_lent.place().side.close(call);
    if (!reply) return 0;
    number = ++m_last;
    m_jobs[number] = {cancelled, with};
  }
  m_lent.say({Verb::job_begin, number}, std::move(reply));
  return number;
}

bool JobsLent::running(std::uint64_t job) const {
  const std::lock_guard lock(m_mutex);
  return m_jobs.contains(job);
}

bool JobsLent::end(std::uint64_t job) {
  const std::lock_guard lock(m_mutex);
  return m_jobs.erase(job) > 0;
}

berth_flow JobsLent::report(std::uint64_t job, std::int32_t percent, berth_text text) {
  if (!running(job)) return BERTH_GONE;
  Packer fields;
  fields.number(static_cast<std::uint64_t>(std::int64_t{std::clamp(percent, -1, 100)} + 1));
  fields.text(m_lent.masked(copy(text)).substr(0, most_job_text));
  m_lent.say({Verb::job_report, job, fields.done()});
  return BERTH_OK;
}

berth_flow JobsLent::done(std::uint64_t job, berth_text json) {
  if (json.size > most_result || !nlohmann::json::accept(view(json))) return BERTH_WRONG;
  if (!end(job)) return BERTH_GONE;
  m_lent.say({Verb::job_done, job, {}, copy(json)});
  return BERTH_OK;
}

berth_flow JobsLent::failed(std::uint64_t job, const berth_failure* why) {
  if (!end(job)) return BERTH_GONE;
  m_lent.say({Verb::job_failed, job, pack_error(m_lent.place().side.told(why))});
  return BERTH_OK;
}

void JobsLent::hear(const Note& note) {
  m_lent.place().enter([this, number = note.number] {
    Running found;
    {
      const std::lock_guard lock(m_mutex);
      const auto at = m_jobs.find(number);
      if (at == m_jobs.end()) return;
      found = at->second;
      m_jobs.erase(at);
    }
    if (found.cancelled) found.cancelled(found.with, number);
  });
}

namespace {

JobsLent& jobs_of(const berth_host* host) { return HostSide::of(host).lent().jobs(); }
std::uint64_t begin(const berth_host* host, berth_call call, JobsLent::Cancelled cancelled, void* with) {
  return jobs_of(host).begin(call, cancelled, with);
}
berth_flow report(const berth_host* host, std::uint64_t job, std::int32_t percent, berth_text text) {
  return jobs_of(host).report(job, percent, text);
}
berth_flow done(const berth_host* host, std::uint64_t job, berth_text json) { return jobs_of(host).done(job, json); }
berth_flow failed(const berth_host* host, std::uint64_t job, const berth_failure* why) {
  return jobs_of(host).failed(job, why);
}

}  // namespace

const void* jobs_table() {
  static constexpr berth_jobs table{sizeof(berth_jobs), &begin, &report, &done, &failed};
  return &table;
}

}  // namespace berth::loader

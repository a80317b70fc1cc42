// berth.jobs/1 in C++17: answer a call with 202 and go on working. A member of the plugin's class.
//
//   d.service(BERTH_JOBS);                                      // in declare()
//   void build(berth::Call call) {                              // an operation of kind call
//     auto job = m_jobs.begin(call, [this] { stop(); });        // the call is answered now
//     std::thread([job] { job.report(50, "half"); job.done({{"pages", 3}}); })…
#ifndef BERTH_SERVICE_JOBS_HPP
#define BERTH_SERVICE_JOBS_HPP

#include <berth/call.hpp>
#include <berth/service/jobs.h>

#include <memory>
#include <string>
#include <unordered_map>

namespace berth {

namespace detail {

struct JobStops {  // what to do when a job is cancelled
  std::mutex mutex;
  std::unordered_map<std::uint64_t, std::function<void()>> by_job;
  std::function<void()> take(std::uint64_t job) {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto at = by_job.find(job);
    if (at == by_job.end()) return {};
    auto then = std::move(at->second);
    by_job.erase(at);
    return then;
  }
};

}  // namespace detail

// A cheap handle. Any thread; never blocks. What is said after its end is told Flow::gone.
class Job {
 public:
  Job(const berth_host* host, const berth_jobs* jobs, std::uint64_t number, std::shared_ptr<detail::JobStops> stops)
      : m_host(host), m_jobs(jobs), m_number(number), m_stops(std::move(stops)) {}
  std::uint64_t number() const { return m_number; }
  Flow report(int percent, std::string_view text = {}) const {  // -1: as it was
    return static_cast<Flow>(m_jobs->report(m_host, m_number, percent, detail::text(text)));
  }
  // A result that is too large (4 MiB) ends the job as failed, and is told Flow::wrong.
  Flow done(const Json& result) const {
    const std::string json = json_text(result);
    const berth_flow flow = m_jobs->done(m_host, m_number, detail::text(json));
    if (flow == BERTH_WRONG)
      failed(Error(500, "result_too_large",
                   "the job's result was not taken: it has " + std::to_string(json.size()) + " bytes of JSON",
                   "a file of the workspace can hold more"));
    return ended(flow);
  }
  Flow failed(const Error& error) const {
    const auto why = detail::failure(error);
    return ended(m_jobs->failed(m_host, m_number, &why));
  }

 private:
  Flow ended(berth_flow flow) const {
    if (flow == BERTH_OK) m_stops->take(m_number);
    return static_cast<Flow>(flow);
  }
  const berth_host* m_host;
  const berth_jobs* m_jobs;
  std::uint64_t m_number;
  std::shared_ptr<detail::JobStops> m_stops;
};

class Jobs {
 public:
  explicit Jobs(const berth_host* host)
      : m_host(host),
        m_jobs(static_cast<const berth_jobs*>(host->service(host, detail::text(BERTH_JOBS)))),
        m_stops(std::make_shared<detail::JobStops>()) {}
  Jobs(const Jobs&) = delete;

  // Any thread. Throws an Error, which answers the call, if there can be no job. `cancelled` is serialised like a
  // handler, must not block, and is called at most once, when somebody has cancelled the job.
  Job begin(const Call& call, std::function<void()> cancelled = {}) {
    if (!m_jobs) throw Error(500, "no_jobs", "the host lends this plugin no jobs");
    std::uint64_t number = 0;
    {
      const std::lock_guard<std::mutex> lock(m_stops->mutex);  // a cancel that comes at once waits for its function
      number = m_jobs->begin(m_host, call.id(), &Jobs::on_cancel, m_stops.get());
      if (number != 0 && cancelled) m_stops->by_job[number] = std::move(cancelled);
    }
    if (number == 0) throw Error(503, "busy", "too many jobs go on", "try again when one has ended");
    call.hand_over();
    return Job(m_host, m_jobs, number, m_stops);
  }

 private:
  static void on_cancel(void* with, std::uint64_t job) {
    if (const auto then = static_cast<detail::JobStops*>(with)->take(job)) then();
  }

  const berth_host* const m_host;
  const berth_jobs* const m_jobs;
  const std::shared_ptr<detail::JobStops> m_stops;
};

}  // namespace berth

#endif

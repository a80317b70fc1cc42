// States, watchers, and what is forgotten when.
#include "service/job_store.hpp"

#include <algorithm>
#include <utility>

#include "service/text.hpp"

namespace berth::service {

namespace {

constexpr std::pair<Job::State, std::string_view> states[]{{Job::State::running, "running"},
                                                           {Job::State::done, "done"},
                                                           {Job::State::failed, "failed"},
                                                           {Job::State::cancelled, "cancelled"},
                                                           {Job::State::lost, "lost"}};

std::uint64_t job_weight(const Job& job) {
  std::uint64_t bytes = sizeof(Job) + 512 + job.text.size() + job.result.size();
  if (job.error) bytes += job.error->code.size() + job.error->message.size() + job.error->hint.size();
  return bytes;
}

}  // namespace

std::string_view name_of(Job::State state) {
  for (const auto& [one, name] : states) {
    if (one == state) return name;
  }
  return "lost";
}

std::optional<Job::State> parse_job_state(std::string_view text) {
  for (const auto& [one, name] : states) {
    if (name == text) return one;
  }
  return std::nullopt;
}

JobStore::JobStore(Loop& loop, const Clock& clock, EventBus& events, Limits limits)
    : m_loop(loop), m_clock(clock), m_events(events), m_limits(limits) {}

JobStore::Pointer JobStore::begin(Job job, std::function<void()> cancelled) {
  forget_old();
  job.id = random_token(12);
  job.began = job.changed = m_clock.wall();
  Entry entry{std::make_shared<Job>(std::move(job)), std::move(cancelled), {}, false};
  m_order.push_front(entry.job->id);
  const auto at = m_jobs.emplace(entry.job->id, std::move(entry)).first;
  const Job& made = *at->second.job;
  m_events.publish({0, "job.began", made.session,
                    "{\"job\":" + json_quote(made.id) + ",\"operation\":" + json_quote(made.operation) + "}"});
  return at->second.job;
}

JobStore::Entry* JobStore::running(const std::string& id) {
  const auto at = m_jobs.find(id);
  return at == m_jobs.end() || at->second.job->ended ? nullptr : &at->second;
}

void JobStore::report(const std::string& id, int percent, std::string text) {
  Entry* entry = running(id);
  if (!entry) return;
  if (percent >= 0) entry->job->percent = std::min(percent, 100);
  if (!text.empty()) entry->job->text = std::move(text);
  changed(*entry);
}

void JobStore::done(const std::string& id, std::string result) {
  Entry* entry = running(id);
  if (!entry) return;
  entry->job->percent = 100;
  entry->job->result = std::move(result);
  end(*entry, Job::State::done);
}

void JobStore::failed(const std::string& id, Error error) {
  Entry* entry = running(id);
  if (!entry) return;
  entry->job->error = std::move(error);
  end(*entry, Job::State::failed);
}

void JobStore::lost(const std::string& id, const std::string& why) {
  Entry* entry = running(id);
  if (!entry) return;
  entry->job->error = Error{503, "plugin_down", "the job is lost: " + why, "begin it again"};
  end(*entry, Job::State::lost);
}

bool JobStore::cancel(const std::string& id) {
  Entry* entry = running(id);
  if (!entry) return false;
  const auto tell = entry->cancelled;
  end(*entry, Job::State::cancelled);
  if (tell) tell();
  return true;
}

void JobStore::end(Entry& entry, Job::State state) {
  Job& job = *entry.job;
  job.state = state;
  job.ended = m_clock.wall();
  entry.cancelled = nullptr;
  changed(entry);
  m_events.publish({0, "job." + std::string(name_of(state)), job.session,
                    "{\"job\":" + json_quote(job.id) + ",\"operation\":" + json_quote(job.operation) + "}"});
  m_ended.push_back(job.id);
  m_bytes += job_weight(job);
  forget_old();
}

void JobStore::changed(Entry& entry) {
  entry.job->changed = m_clock.wall();
  if (entry.watchers.empty() || std::exchange(entry.posted, true)) return;
  m_loop.post([this, alive = std::weak_ptr(m_alive), id = entry.job->id] {
    if (alive.lock()) spread(id);
  });
}

void JobStore::spread(const std::string& id) {
  const auto at = m_jobs.find(id);
  if (at == m_jobs.end()) return;
  at->second.posted = false;
  std::erase_if(at->second.watchers, [](const auto& one) { return one.expired(); });
  const auto watchers = at->second.watchers;  // what they do may change the list
  for (const auto& weak : watchers) {
    if (const auto news = weak.lock()) (*news)();
  }
}

// Its watchers still have to hear how it ended, though it goes now.
void JobStore::hand_over(Entry& entry) {
  m_loop.post([watchers = entry.watchers] {
    for (const auto& weak : watchers) {
      if (const auto news = weak.lock()) (*news)();
    }
  });
}

void JobStore::forget_old() {
  const auto now = m_clock.wall();
  const auto old = [&](const Job& job) {
    return m_ended.size() > m_limits.count || m_bytes > m_limits.bytes || now - *job.ended > m_limits.time;
  };
  while (!m_ended.empty()) {
    const auto at = m_jobs.find(m_ended.front());
    if (!old(*at->second.job)) return;
    erase(std::string(at->first));
    m_ended.pop_front();
  }
}

void JobStore::erase(const std::string& id) {
  const auto at = m_jobs.find(id);
  m_bytes -= job_weight(*at->second.job);
  m_order.remove(id);
  if (at->second.posted) hand_over(at->second);
  m_jobs.erase(at);
}

void JobStore::forget(const std::string& session) {
  for (const auto& job : all()) {
    if (job->session != session) continue;
    cancel(job->id);
    if (std::erase(m_ended, job->id) > 0) erase(job->id);
  }
}

bool JobStore::busy(const std::string& session) const {
  return std::any_of(m_jobs.begin(), m_jobs.end(), [&](const auto& one) {
    return one.second.job->session == session && one.second.job->state == Job::State::running;
  });
}

JobStore::Pointer JobStore::find(std::string_view id) {
  forget_old();
  const auto at = m_jobs.find(id);
  return at == m_jobs.end() ? nullptr : at->second.job;
}

std::vector<JobStore::Pointer> JobStore::all() {
  forget_old();
  std::vector<Pointer> jobs;
  for (const auto& id : m_order) jobs.push_back(m_jobs.find(id)->second.job);
  return jobs;
}

std::shared_ptr<void> JobStore::watch(const std::string& id, std::function<void()> news) {
  const auto at = m_jobs.find(id);
  if (at == m_jobs.end()) return nullptr;
  auto watcher = std::make_shared<std::function<void()>>(std::move(news));
  at->second.watchers.push_back(watcher);
  return watcher;
}

void JobStore::limit(Limits limits) {
  m_limits = limits;
  forget_old();
}

}  // namespace berth::service

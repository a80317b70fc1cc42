// The services of a StandIn, in memory: a test says what secrets there are and what other operations answer, lets
// events come and jobs be cancelled, and sees what the plugin published, counted, reported and called. What the host
// would call back waits until the test says run(), or a call of a Trial waits for it.
#ifndef BERTH_CHECK_SERVICES_HPP
#define BERTH_CHECK_SERVICES_HPP

#include <berth/call.hpp>
#include <berth/service/calls.h>
#include <berth/service/config.h>
#include <berth/service/events.h>
#include <berth/service/jobs.h>
#include <berth/service/metrics.h>
#include <berth/service/secrets.h>

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace berth::check {

struct SeenEvent {
  std::string topic, session;
  Json data;
};
struct SeenJob {
  berth_call call = 0;
  std::string state = "running";  // "done", "failed", "cancelled"
  int percent = -1;
  std::string text;
  Json result;          // done
  std::string problem;  // failed: its code
};
struct SeenAsk {
  std::string operation, session;
  Json input;
  berth_call as = 0;
  std::uint64_t job = 0;
  bool as_session = false;
};

// Any thread, unless said otherwise.
class Services {
 public:
  // Ends a call of the stand-in's that a job takes over; false: there is no such call.
  using TakeOver = std::function<bool(berth_call)>;
  explicit Services(TakeOver take_over) : m_take_over(std::move(take_over)) {}
  ~Services() { forget(this); }
  Services(const Services&) = delete;

  // What a test gives.
  void secret(const std::string& name, const std::string& value) { m_secrets[name] = value; }  // before the plugin is
  void config(const std::string& json) { m_config = json; }
  void operation(const std::string& name, std::function<Json(const Json& input)> answer) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_operations[name] = std::move(answer);
  }
  void event(const std::string& topic, const Json& data = {}, const std::string& session = {}) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    spread({topic, session, data});
  }
  void cancel_job(std::uint64_t number) {
    const std::lock_guard<std::mutex> lock(m_mutex);
    const auto at = m_jobs.find(number);
    if (at == m_jobs.end() || at->second.seen.state != "running") return;
    at->second.seen.state = "cancelled";
    const auto job = at->second;
    if (job.cancelled) m_waiting.push_back([job, number] { job.cancelled(job.with, number); });
  }
  void later(std::function<void()> what) {  // at the next run()
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_waiting.push_back(std::move(what));
  }
  // Calls into the plugin what waits for that, and what comes of it, on this thread: beside no other call into it.
  std::size_t run() {
    std::size_t done = 0;
    for (;; ++done) {
      std::function<void()> next;
      {
        const std::lock_guard<std::mutex> lock(m_mutex);
        if (m_waiting.empty() || done >= 10'000) return done;
        next = std::move(m_waiting.front());
        m_waiting.pop_front();
      }
      next();
    }
  }

  // What the plugin did.
  std::vector<SeenEvent> published() const { return copy_of(m_published); }
  std::vector<SeenAsk> asked() const { return copy_of(m_asked); }
  std::vector<SeenJob> jobs() const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    std::vector<SeenJob> all;
    for (const auto& [number, job] : m_jobs) all.push_back(job.seen);
    return all;
  }
  // Of a counter or a gauge its value, of a histogram the sum; 0 if there is none.
  double metric(const std::string& name, const Json& labels = Json::object()) const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    for (const auto& one : m_series)
      if (one.name == name && one.labels == labels) return one.value;
    return 0;
  }

  static const void* table(std::string_view id);  // the struct of a service, or null
  // Whose a host is, also one that is laid over another.
  static void belongs(const berth_host* host, Services* to) {
    const std::lock_guard<std::mutex> lock(registry().mutex);
    registry().all[host] = to;
  }
  static void lies_over(const berth_host* host, const berth_host* inner) {
    const std::lock_guard<std::mutex> lock(registry().mutex);
    const auto at = registry().all.find(inner);
    if (at != registry().all.end()) registry().all[host] = at->second;
  }

 private:
  friend struct ServiceTables;
  struct Registry {
    std::mutex mutex;
    std::map<const berth_host*, Services*> all;
  };
  struct Subscription {
    std::vector<std::string> globs;
    void (*heard)(void*, std::uint64_t, const berth_event*) = nullptr;
    void* with = nullptr;
  };
  struct JobState {
    SeenJob seen;
    void (*cancelled)(void*, std::uint64_t) = nullptr;
    void* with = nullptr;
  };
  struct Series {
    std::string name;
    Json labels;
    double value = 0;
  };

  static Registry& registry() {
    static Registry all;
    return all;
  }
  static void forget(const Services* gone) {
    const std::lock_guard<std::mutex> lock(registry().mutex);
    for (auto at = registry().all.begin(); at != registry().all.end();)
      at = at->second == gone ? registry().all.erase(at) : std::next(at);
  }
  static Services* of(const berth_host* host) {
    const std::lock_guard<std::mutex> lock(registry().mutex);
    const auto at = registry().all.find(host);
    return at == registry().all.end() ? nullptr : at->second;
  }
  static std::string copy(berth_text text) { return berth::detail::copy(text); }
  template <class T>
  T copy_of(const T& what) const {
    const std::lock_guard<std::mutex> lock(m_mutex);
    return what;
  }
  static bool fits(std::string_view glob, std::string_view text) {  // '*' stands for anything
    if (glob.empty()) return text.empty();
    if (glob[0] == '*') return fits(glob.substr(1), text) || (!text.empty() && fits(glob, text.substr(1)));
    return !text.empty() && glob[0] == text[0] && fits(glob.substr(1), text.substr(1));
  }

  // Under the lock.
  void spread(const SeenEvent& event) {
    const auto id = ++m_last_event;
    for (const auto& [number, one] : m_subscriptions) {
      bool wanted = false;
      for (const auto& glob : one.globs) wanted = wanted || fits(glob, event.topic);
      if (wanted) m_waiting.push_back([this, number = number, event, id] { hand_over(number, event, id); });
    }
  }
  void hand_over(std::uint64_t number, const SeenEvent& event, std::uint64_t id) {
    Subscription to;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      const auto at = m_subscriptions.find(number);
      if (at == m_subscriptions.end()) return;
      to = at->second;
    }
    const std::string data = json_text(event.data);
    const berth_event raw{sizeof raw,
                          0,
                          id,
                          berth::detail::text(event.topic),
                          berth::detail::text(event.session),
                          berth::detail::text(data)};
    to.heard(to.with, number, &raw);
  }
  void answer(std::uint64_t number, const SeenAsk& ask, const berth_ears* ears, void* with) {
    std::function<Json(const Json&)> operation;
    {
      const std::lock_guard<std::mutex> lock(m_mutex);
      if (m_open_asks.erase(number) == 0) return;  // cancelled
      const auto at = m_operations.find(ask.operation);
      if (at != m_operations.end()) operation = at->second;
    }
    try {
      if (!operation) throw Error(404, "not_found", "there is no operation " + ask.operation);
      const std::string json = json_text(operation(ask.input));
      ears->answer(with, number, berth::detail::text(json));
    } catch (const Error& error) {
      const auto why = berth::detail::failure(error);
      ears->fail(with, number, &why);
    }
  }

  const TakeOver m_take_over;
  std::map<std::string, std::string> m_secrets;
  std::string m_config = "{}";
  mutable std::mutex m_mutex;  // guards what follows
  std::deque<std::function<void()>> m_waiting;
  std::map<std::string, std::function<Json(const Json&)>> m_operations;
  std::map<std::uint64_t, Subscription> m_subscriptions;
  std::map<std::uint64_t, JobState> m_jobs;
  std::map<std::uint64_t, bool> m_open_asks;
  std::vector<SeenEvent> m_published;
  std::vector<SeenAsk> m_asked;
  std::vector<Series> m_series;
  std::uint64_t m_last = 0, m_last_event = 0;
};

}  // namespace berth::check

#include <berth/check/service_tables.hpp>  // what a plugin is given of it

#endif

// The C structs of a stand-in's services, filled. Included by services.hpp alone.
#ifndef BERTH_CHECK_SERVICE_TABLES_HPP
#define BERTH_CHECK_SERVICE_TABLES_HPP

#include <berth/check/services.hpp>

#include <algorithm>

namespace berth::check {

struct ServiceTables {
  using Subscription = Services::Subscription;
  static Services* of(const berth_host* host) { return Services::of(host); }
  static std::string copy(berth_text text) { return berth::detail::copy(text); }

  static berth_text config_text(const berth_host* host) {
    Services* here = of(host);
    return here ? berth::detail::text(here->m_config) : berth_text{nullptr, 0};
  }
  static berth_text read_secret(const berth_host* host, berth_text name) {
    Services* here = of(host);
    if (!here) return {nullptr, 0};
    const auto at = here->m_secrets.find(copy(name));
    return at == here->m_secrets.end() ? berth_text{nullptr, 0} : berth::detail::text(at->second);
  }
  static berth_flow publish(const berth_host* host, berth_text topic, berth_text session, berth_text data) {
    Services* here = of(host);
    auto json = Json::parse(copy(data), nullptr, false);
    if (!here || json.is_discarded() || copy(topic).find('.') == std::string::npos) return BERTH_WRONG;
    const std::lock_guard<std::mutex> lock(here->m_mutex);
    here->m_published.push_back({copy(topic), copy(session), std::move(json)});
    here->spread(here->m_published.back());
    return BERTH_OK;
  }
  static std::uint64_t subscribe(const berth_host* host, berth_text topics, std::uint64_t,
                                 void (*heard)(void*, std::uint64_t, const berth_event*), void* with) {
    Services* here = of(host);
    if (!here || !heard) return 0;
    Subscription made{{}, heard, with};
    const std::string all = copy(topics);
    for (std::size_t at = 0; at < all.size();) {
      const auto end = std::min(all.find(' ', at), all.size());
      if (end > at) made.globs.push_back(all.substr(at, end - at));
      at = end + 1;
    }
    const std::lock_guard<std::mutex> lock(here->m_mutex);
    here->m_subscriptions[++here->m_last] = std::move(made);
    return here->m_last;
  }
  static void unsubscribe(const berth_host* host, std::uint64_t number) {
    Services* here = of(host);
    if (!here) return;
    const std::lock_guard<std::mutex> lock(here->m_mutex);
    here->m_subscriptions.erase(number);
  }

  static std::uint32_t series(const berth_host* host, const berth_series* wanted) {
    Services* here = of(host);
    if (!here || !wanted) return 0;
    Services::Series made{copy(wanted->name), Json::object(), 0};
    if (wanted->labels.size > 0) made.labels = Json::parse(copy(wanted->labels), nullptr, false);
    if (made.name.empty() || !made.labels.is_object()) return 0;
    const std::lock_guard<std::mutex> lock(here->m_mutex);
    for (std::size_t i = 0; i < here->m_series.size(); ++i)
      if (here->m_series[i].name == made.name && here->m_series[i].labels == made.labels)
        return static_cast<std::uint32_t>(i + 1);
    here->m_series.push_back(std::move(made));
    return static_cast<std::uint32_t>(here->m_series.size());
  }
  template <class Change>
  static void change(const berth_host* host, std::uint32_t number, Change change) {
    Services* here = of(host);
    if (!here) return;
    const std::lock_guard<std::mutex> lock(here->m_mutex);
    if (number >= 1 && number <= here->m_series.size()) change(here->m_series[number - 1].value);
  }
  static void add(const berth_host* host, std::uint32_t number, double by) {
    change(host, number, [by](double& value) { value += by; });
  }
  static void set(const berth_host* host, std::uint32_t number, double to) {
    change(host, number, [to](double& value) { value = to; });
  }

  static std::uint64_t begin(const berth_host* host, berth_call call, void (*cancelled)(void*, std::uint64_t),
                             void* with) {
    Services* here = of(host);
    if (!here || !here->m_take_over(call)) return 0;
    const std::lock_guard<std::mutex> lock(here->m_mutex);
    auto& made = here->m_jobs[++here->m_last];
    made.seen.call = call;
    made.cancelled = cancelled;
    made.with = with;
    return here->m_last;
  }
  template <class Note>
  static berth_flow note(const berth_host* host, std::uint64_t job, Note note) {
    Services* here = of(host);
    if (!here) return BERTH_GONE;
    const std::lock_guard<std::mutex> lock(here->m_mutex);
    const auto at = here->m_jobs.find(job);
    if (at == here->m_jobs.end() || at->second.seen.state != "running") return BERTH_GONE;
    note(at->second.seen);
    return BERTH_OK;
  }
  static berth_flow report(const berth_host* host, std::uint64_t job, std::int32_t percent, berth_text text) {
    return note(host, job, [&](SeenJob& seen) {
      if (percent >= 0) seen.percent = percent;
      if (text.size > 0) seen.text = copy(text);
    });
  }
  static berth_flow finish(const berth_host* host, std::uint64_t job, berth_text json) {
    constexpr std::size_t most = 4u << 20;
    auto result = json.size > most ? Json(Json::value_t::discarded) : Json::parse(copy(json), nullptr, false);
    if (result.is_discarded()) return BERTH_WRONG;
    return note(host, job, [&](SeenJob& seen) {
      seen.state = "done";
      seen.result = std::move(result);
    });
  }
  static berth_flow fail(const berth_host* host, std::uint64_t job, const berth_failure* why) {
    return note(host, job, [&](SeenJob& seen) {
      seen.state = "failed";
      if (why) seen.problem = copy(why->code);
    });
  }

  static std::uint64_t start(const berth_host* host, const berth_ask* ask, const berth_ears* ears, void* with) {
    Services* here = of(host);
    if (!here || !ask || !ears) return 0;
    SeenAsk seen{copy(ask->operation),
                 copy(ask->session),
                 Json::object(),
                 ask->as,
                 ask->job,
                 (ask->flags & BERTH_ASK_AS_SESSION) != 0};
    if (ask->input.size > 0) seen.input = Json::parse(copy(ask->input), nullptr, false);
    const std::lock_guard<std::mutex> lock(here->m_mutex);
    const auto number = ++here->m_last;
    here->m_open_asks[number] = true;
    here->m_asked.push_back(seen);
    here->m_waiting.push_back([here, number, seen, ears, with] { here->answer(number, seen, ears, with); });
    return number;
  }
  static void resume(const berth_host*, std::uint64_t) {}  // a stand-in's operations answer with one value
  static void cancel(const berth_host* host, std::uint64_t number) {
    Services* here = of(host);
    if (!here) return;
    const std::lock_guard<std::mutex> lock(here->m_mutex);
    here->m_open_asks.erase(number);
  }
};

inline const void* Services::table(std::string_view id) {
  using T = ServiceTables;
  static constexpr berth_config config{sizeof config, &T::config_text};
  static constexpr berth_secrets secrets{sizeof secrets, &T::read_secret};
  static constexpr berth_events events{sizeof events, &T::publish, &T::subscribe, &T::unsubscribe};
  static constexpr berth_metrics metrics{sizeof metrics, &T::series, &T::add, &T::set, &T::add};
  static constexpr berth_jobs jobs{sizeof jobs, &T::begin, &T::report, &T::finish, &T::fail};
  static constexpr berth_calls calls{sizeof calls, &T::start, &T::resume, &T::cancel};
  if (id == BERTH_CONFIG) return &config;
  if (id == BERTH_SECRETS) return &secrets;
  if (id == BERTH_EVENTS) return &events;
  if (id == BERTH_METRICS) return &metrics;
  if (id == BERTH_JOBS) return &jobs;
  if (id == BERTH_CALLS) return &calls;
  return nullptr;
}

}  // namespace berth::check

#endif

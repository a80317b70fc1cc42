// berth.metrics/1 in C++17: numbers in GET /metrics, under berth_plugin_NAME_…
//
//   berth::Metrics metrics(context.host);
//   m_pages = metrics.counter("pages", "Pages that were built.");   // then, from any thread: m_pages.add();
#ifndef BERTH_SERVICE_METRICS_HPP
#define BERTH_SERVICE_METRICS_HPP

#include <berth/call.hpp>
#include <berth/service/metrics.h>

#include <map>
#include <vector>

namespace berth {

namespace detail {

class Series {  // a cheap handle; one that was not taken, or is empty, does nothing
 public:
  Series() = default;
  Series(const berth_host* host, const berth_metrics* metrics, std::uint32_t number)
      : m_host(host), m_metrics(metrics), m_number(number) {}
  explicit operator bool() const { return m_number != 0; }

 protected:
  const berth_host* m_host = nullptr;
  const berth_metrics* m_metrics = nullptr;
  std::uint32_t m_number = 0;
};

}  // namespace detail

class Counter : public detail::Series {
 public:
  using Series::Series;
  void add(double by = 1) const {
    if (m_number) m_metrics->add(m_host, m_number, by);
  }
};

class Gauge : public detail::Series {
 public:
  using Series::Series;
  void add(double by) const {
    if (m_number) m_metrics->add(m_host, m_number, by);
  }
  void set(double to) const {
    if (m_number) m_metrics->set(m_host, m_number, to);
  }
};

class Histogram : public detail::Series {
 public:
  using Series::Series;
  void observe(double value) const {
    if (m_number) m_metrics->observe(m_host, m_number, value);
  }
};

class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  explicit Metrics(const berth_host* host)
      : m_host(host), m_metrics(static_cast<const berth_metrics*>(host->service(host, detail::text(BERTH_METRICS)))) {}

  Counter counter(std::string_view name, std::string_view help, const Labels& labels = {}) const {
    return {m_host, m_metrics, make(BERTH_COUNTER, name, help, labels, {})};
  }
  Gauge gauge(std::string_view name, std::string_view help, const Labels& labels = {}) const {
    return {m_host, m_metrics, make(BERTH_GAUGE, name, help, labels, {})};
  }
  Histogram histogram(std::string_view name, std::string_view help, const Labels& labels = {},
                      const std::vector<double>& bounds = {}) const {
    return {m_host, m_metrics, make(BERTH_HISTOGRAM, name, help, labels, bounds)};
  }

 private:
  std::uint32_t make(berth_metric kind, std::string_view name, std::string_view help, const Labels& labels,
                     const std::vector<double>& bounds) const {
    if (!m_metrics) return 0;
    const std::string json = labels.empty() ? std::string() : json_text(Json(labels));
    const berth_series wanted{sizeof(berth_series), kind,
                              detail::text(name),   detail::text(help),
                              detail::text(json),   bounds.empty() ? nullptr : bounds.data(),
                              bounds.size()};
    return m_metrics->series(m_host, &wanted);
  }

  const berth_host* m_host;
  const berth_metrics* m_metrics;
};

}  // namespace berth

#endif

// The registry. Making a family or a series takes a lock and happens at start or when an operation first appears;
// counting goes straight to the atomic. The rules of Prometheus for names are kept here, so that a wrong one shows in
// the first test and not in somebody's monitoring.
#include "service/metrics.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <stdexcept>

#include "service/metrics_text.hpp"
#include "service/process_metrics.hpp"
#include "service/text.hpp"

namespace berth::service {
namespace {

constexpr double longest = 1e9;  // seconds, some 31 years: what still fits in nanoseconds

// One exposition asks for the type, two makers may ask for the same series: all under the registry's lock.
struct Series {
  std::string labels;  // a="b",c="d"
  std::unique_ptr<Counter> counter;
  std::unique_ptr<Gauge> gauge;
  std::unique_ptr<Histogram> histogram;
};

struct Family {
  std::string name, help;
  const char* type;
  std::map<std::string, Series, std::less<>> series;
};

void append_series(std::string& to, const std::string& name, const Series& series) {
  if (series.counter) append_sample(to, name, "", series.labels, std::to_string(series.counter->value()));
  if (series.gauge) append_sample(to, name, "", series.labels, std::to_string(series.gauge->value()));
  if (series.histogram)
    append_histogram(
        to, name, series.labels, series.histogram->bounds(), [&](std::size_t i) { return series.histogram->bucket(i); },
        series.histogram->sum());
}

void append_family(std::string& to, const Family& family) {
  append_heading(to, family.name, family.help, family.type);
  for (const auto& [labels, series] : family.series) append_series(to, family.name, series);
}

// From a hundred microseconds, a call that hardly did anything, to a minute.
std::vector<double> usual_bounds() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : m_bounds(std::move(bounds)), m_buckets(std::make_unique<std::atomic<std::uint64_t>[]>(m_bounds.size() + 1)) {
  if (!std::is_sorted(m_bounds.begin(), m_bounds.end())) throw std::logic_error("A histogram's bounds must rise.");
}

void Histogram::observe(double seconds) {
  const double value = seconds > 0 ? std::min(seconds, longest) : 0;  // not a number counts as nothing
  const auto bound = std::lower_bound(m_bounds.begin(), m_bounds.end(), value);
  m_buckets[static_cast<std::size_t>(bound - m_bounds.begin())].fetch_add(1, std::memory_order_relaxed);
  m_nanoseconds.fetch_add(static_cast<std::uint64_t>(value * 1e9), std::memory_order_relaxed);
}

std::uint64_t Histogram::bucket(std::size_t i) const { return m_buckets[i].load(std::memory_order_relaxed); }
double Histogram::sum() const { return static_cast<double>(m_nanoseconds.load(std::memory_order_relaxed)) / 1e9; }

struct Metrics::Body {
  Series& series(std::string_view name, std::string_view help, const char* type, std::string_view ending,
                 const Labels& labels);

  std::mutex mutex;  // of all below, but for the numbers themselves
  std::vector<std::unique_ptr<Family>> families;
  std::vector<std::function<void()>> refreshers;
};

Series& Metrics::Body::series(std::string_view name, std::string_view help, const char* type, std::string_view ending,
                              const Labels& labels) {
  const auto known = std::find_if(families.begin(), families.end(), [&](const auto& f) { return f->name == name; });
  Family* family = known == families.end() ? nullptr : known->get();
  if (family == nullptr) {
    const bool wrong_end = name.ends_with("_total") != (ending == "_total") || !name.ends_with(ending);
    if (!is_metric_name(name, true) || wrong_end || help.empty() || name.starts_with("process_")) {
      throw std::logic_error("Not a name and help for a " + std::string(type) + ": \"" + std::string(name) + "\".");
    }
    families.push_back(std::make_unique<Family>(Family{std::string(name), std::string(help), type, {}}));
    family = families.back().get();
  }
  if (std::string_view(family->type) != type) {
    throw std::logic_error("The metric " + family->name + " is a " + family->type + ", not a " + type + '.');
  }
  const std::string text = label_text(labels);
  return family->series.try_emplace(text, Series{text, nullptr, nullptr, nullptr}).first->second;
}

Metrics::Metrics() : m_body(std::make_unique<Body>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  const std::lock_guard lock(m_body->mutex);
  Series& series = m_body->series(name, help, "counter", "_total", labels);
  if (!series.counter) series.counter = std::make_unique<Counter>();
  return *series.counter;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  const std::lock_guard lock(m_body->mutex);
  Series& series = m_body->series(name, help, "gauge", "", labels);
  if (!series.gauge) series.gauge = std::make_unique<Gauge>();
  return *series.gauge;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, const Labels& labels) {
  const std::lock_guard lock(m_body->mutex);
  Series& series = m_body->series(name, help, "histogram", "_seconds", labels);
  if (!series.histogram) series.histogram = std::make_unique<Histogram>(usual_bounds());
  return *series.histogram;
}

void Metrics::on_read(std::function<void()> refresh) {
  const std::lock_guard lock(m_body->mutex);
  m_body->refreshers.push_back(std::move(refresh));
}

std::string Metrics::text() {
  std::vector<std::function<void()>> refreshers;
  {
    const std::lock_guard lock(m_body->mutex);
    refreshers = m_body->refreshers;
  }
  for (const auto& refresh : refreshers) refresh();  // unlocked: it may ask for metrics
  std::string text = process_metrics();
  const std::lock_guard lock(m_body->mutex);
  for (const auto& family : m_body->families) append_family(text, *family);
  return text;
}

}  // namespace berth::service

// Numbers about the host, in Prometheus' text format. Families are made once and kept; counting is one relaxed atomic
// add.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth::service {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
 public:
  void add(std::uint64_t n = 1) { m_value.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return m_value.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> m_value{0};
};

class Gauge {
 public:
  void add(std::int64_t n) { m_value.fetch_add(n, std::memory_order_relaxed); }
  void set(std::int64_t n) { m_value.store(n, std::memory_order_relaxed); }
  std::int64_t value() const { return m_value.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> m_value{0};
};

class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds);  // upper bounds in seconds, rising
  void observe(double seconds);
  const std::vector<double>& bounds() const { return m_bounds; }
  std::uint64_t bucket(std::size_t i) const;  // not cumulative; i == bounds().size() is +Inf
  double sum() const;

 private:
  std::vector<double> m_bounds;
  std::unique_ptr<std::atomic<std::uint64_t>[]> m_buckets;
  std::atomic<std::uint64_t> m_nanoseconds{0};
};

// References stay valid as long as the registry. Asking again for the same name and labels gives the same one. A name
// used with another type is a programming error and throws std::logic_error.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Counter& counter(std::string_view name, std::string_view help, const Labels& labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, const Labels& labels = {});
  // Read at exposition: process memory, open files, ...
  void on_read(std::function<void()> refresh);

  std::string text();  // the exposition, with process_* and the families in order of their making

 private:
  struct Body;
  std::unique_ptr<Body> m_body;
};

}  // namespace berth::service

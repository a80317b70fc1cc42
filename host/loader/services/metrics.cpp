// Series in seats that never move, so that counting needs no lock; and the note of what has changed.
#include "loader/services/metrics.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "loader/host_side.hpp"
#include "loader/process/frame.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/metric_notes.hpp"
#include "loader/services/tables.hpp"
#include "loader/services/texts.hpp"

namespace berth::loader {

using service::PluginSeries;
using Metric = PluginSeries::Kind;

namespace {

struct Seat {
  PluginSeries made;  // never changed once it has its number
  std::atomic<double> value{0};
  std::vector<std::atomic<std::uint64_t>> buckets;
  std::atomic<bool> dirty{false};
};

void raise(std::atomic<double>& value, double by) {
  double was = value.load(std::memory_order_relaxed);
  while (!value.compare_exchange_weak(was, was + by, std::memory_order_relaxed)) {
  }
}

}  // namespace

struct MetricsLent::Body {
  std::shared_ptr<Desk> desk;
  std::atomic<bool> posted{false}, ended{false};
  std::array<std::atomic<Seat*>, most_series> seats{};  // made when they are wanted, and never moved
  std::mutex mutex;                                     // guards what follows
  std::map<std::string, std::uint32_t> known;
  std::map<std::string, Metric> families;

  ~Body() {
    for (const auto& one : seats) delete one.load();
  }
  Seat* seat(std::uint32_t series) {
    return series == 0 || series > most_series ? nullptr : seats[series - 1].load(std::memory_order_acquire);
  }
  void flush() {
    posted = false;
    ChangedSeries changed;
    Seat* one = nullptr;
    for (std::uint32_t series = 1; (one = seat(series)) != nullptr; ++series) {
      if (!one->dirty.exchange(false)) continue;
      changed.emplace_back(series, one->made);
      changed.back().second.value = one->value.load(std::memory_order_relaxed);
      for (const auto& bucket : one->buckets) changed.back().second.buckets.push_back(bucket.load());
    }
    if (!changed.empty()) desk->take({Verb::measure, 0, {}, pack_metrics(changed)}, {});
  }
};

MetricsLent::MetricsLent(const Lent& lent) : m_lent(lent), m_body(std::make_shared<Body>()) {
  m_body->desk = lent.lending().desk;
}
MetricsLent::~MetricsLent() = default;

namespace {

// What a plugin asks for, in the host's words; false: it makes no sense.
bool read_series(const berth_series& wanted, PluginSeries& made) {
  if (wanted.size < sizeof(berth_series) || wanted.kind > BERTH_HISTOGRAM || wanted.bounds_count > most_bounds)
    return false;
  made.kind = static_cast<Metric>(wanted.kind);
  made.name = copy(wanted.name);
  made.help = copy(wanted.help);
  if (made.kind == Metric::counter && !made.name.ends_with("_total")) made.name += "_total";
  if (wanted.labels.size > 0) {
    const auto labels = nlohmann::json::parse(view(wanted.labels), nullptr, false);
    if (!labels.is_object() || labels.size() > most_labels) return false;
    for (const auto& [name, value] : labels.items()) {
      if (!value.is_string()) return false;
      made.labels.emplace_back(name, value.get<std::string>());
    }
  }
  if (made.kind != Metric::histogram) return true;
  if (wanted.bounds)
    made.bounds.assign(wanted.bounds, wanted.bounds + wanted.bounds_count);
  else
    made.bounds = {0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60};
  made.buckets.resize(made.bounds.size() + 1);
  return true;
}

}  // namespace

std::uint32_t MetricsLent::series(const berth_series* wanted) {
  PluginSeries made;
  const auto refuse = [&](const char* why) -> std::uint32_t {
    m_lent.place().log.write(service::Level::warn, m_lent.place().plugin, "a metric was not taken",
                             {{"name", made.name.substr(0, 100)}, {"why", why}});
    return 0;
  };
  if (!wanted || !read_series(*wanted, made) || !is_good(made)) return refuse("its form; see berth/service/metrics.h");
  std::string key = made.name;
  for (const auto& [name, value] : made.labels) key.append("\n").append(name).append("\n").append(value);
  const std::lock_guard lock(m_body->mutex);
  if (m_body->families.try_emplace(made.name, made.kind).first->second != made.kind)
    return refuse("the name has another kind already");
  if (const auto known = m_body->known.find(key); known != m_body->known.end()) return known->second;
  if (m_body->known.size() >= most_series) return refuse("the plugin has as many series as it may");
  const auto number = static_cast<std::uint32_t>(m_body->known.size() + 1);
  m_body->known.emplace(std::move(key), number);
  auto seat = std::make_unique<Seat>();
  seat->buckets = std::vector<std::atomic<std::uint64_t>>(made.buckets.size());
  made.buckets.clear();
  seat->made = std::move(made);
  m_body->seats[number - 1].store(seat.release(), std::memory_order_release);
  changed(number);
  return number;
}

void MetricsLent::end() { m_body->ended = true; }

void MetricsLent::changed(std::uint32_t series) {
  if (!m_body->desk || m_body->ended) return;
  m_body->seat(series)->dirty = true;
  if (m_body->posted.exchange(true)) return;
  m_lent.place().loop.post([weak = std::weak_ptr(m_body)] {
    if (const auto body = weak.lock(); body && !body->ended) body->flush();
  });
}

void MetricsLent::add(std::uint32_t series, double by) {
  Seat* seat = m_body->seat(series);
  if (!seat || seat->made.kind == Metric::histogram || (seat->made.kind == Metric::counter && !(by >= 0))) return;
  raise(seat->value, by);
  changed(series);
}

void MetricsLent::set(std::uint32_t series, double to) {
  Seat* seat = m_body->seat(series);
  if (!seat || seat->made.kind != Metric::gauge) return;
  seat->value.store(to, std::memory_order_relaxed);
  changed(series);
}

void MetricsLent::observe(std::uint32_t series, double value) {
  Seat* seat = m_body->seat(series);
  if (!seat || seat->made.kind != Metric::histogram || value != value) return;  // not a number
  const auto& bounds = seat->made.bounds;
  const auto at = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
  seat->buckets[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
  raise(seat->value, value);
  changed(series);
}

namespace {

MetricsLent& metrics_of(const berth_host* host) { return HostSide::of(host).lent().metrics(); }
std::uint32_t make_series(const berth_host* host, const berth_series* wanted) {
  return metrics_of(host).series(wanted);
}
void add_to(const berth_host* host, std::uint32_t series, double by) { metrics_of(host).add(series, by); }
void set_to(const berth_host* host, std::uint32_t series, double to) { metrics_of(host).set(series, to); }
void observe_in(const berth_host* host, std::uint32_t series, double value) { metrics_of(host).observe(series, value); }

}  // namespace

const void* metrics_table() {
  static constexpr berth_metrics table{sizeof(berth_metrics), &make_series, &add_to, &set_to, &observe_in};
  return &table;
}

}  // namespace berth::loader

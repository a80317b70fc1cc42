// Families out of many sheets. A label with the plugin's name goes on every series, so that no two plugins can have the
// same one, whatever they are called.
#include "service/plugin_metrics.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "service/metrics_text.hpp"
#include "service/text.hpp"

namespace berth::service {

namespace {

using Kind = PluginSeries::Kind;

const char* word_of(Kind kind) {
  return kind == Kind::counter ? "counter" : kind == Kind::gauge ? "gauge" : "histogram";
}

struct PluginFamily {
  Kind kind;
  std::string help, samples;
};

void append_plugin_series(std::string& to, const std::string& family, const std::string& plugin,
                          const PluginSeries& series) {
  Labels labels{{"plugin", plugin}};
  labels.insert(labels.end(), series.labels.begin(), series.labels.end());
  const std::string text = label_text(labels);
  if (series.kind != Kind::histogram) return append_sample(to, family, "", text, number_text(series.value));
  append_histogram(
      to, family, text, series.bounds, [&](std::size_t i) { return series.buckets[i]; }, series.value);
}

}  // namespace

bool is_good(const PluginSeries& series) {
  const std::string_view name = series.name;
  if (name.size() > 90 || !is_metric_name(name, false) || series.help.empty() || series.help.size() > 500) return false;
  if (!valid_utf8(series.help)) return false;  // or Prometheus refuses the whole page
  if (name.ends_with("_total") != (series.kind == Kind::counter)) return false;
  for (const char* end : {"_bucket", "_sum", "_count"}) {
    if (name.ends_with(end)) return false;
  }
  std::set<std::string> seen{"plugin"};
  for (const auto& [label, value] : series.labels) {
    if (!is_label_name(label) || label.size() > 80 || value.size() > 200 || !valid_utf8(value) ||
        !seen.insert(label).second)
      return false;
  }
  const bool histogram = series.kind == Kind::histogram;
  const bool rising = std::adjacent_find(series.bounds.begin(), series.bounds.end(),
                                         [](double a, double b) { return !(a < b); }) == series.bounds.end();
  return rising && (histogram ? series.buckets.size() == series.bounds.size() + 1
                              : series.buckets.empty() && series.bounds.empty());
}

void PluginMetrics::show(std::string plugin, std::weak_ptr<const Sheet> sheet) {
  std::erase_if(m_sheets, [](const auto& one) { return one.second.expired(); });
  m_sheets.emplace_back(std::move(plugin), std::move(sheet));
}

std::string PluginMetrics::text() {
  std::map<std::string, PluginFamily> families;
  std::set<std::string> done;
  for (auto at = m_sheets.rbegin(); at != m_sheets.rend(); ++at) {
    const auto sheet = at->second.lock();
    if (!sheet || sheet->empty() || !done.insert(at->first).second) continue;
    for (const auto& series : *sheet) {
      const std::string name = "berth_plugin_" + at->first + "_" + series.name;
      const auto family = families.try_emplace(name, PluginFamily{series.kind, series.help, {}}).first;
      if (family->second.kind == series.kind) append_plugin_series(family->second.samples, name, at->first, series);
    }
  }
  std::string text;
  for (const auto& [name, family] : families) {
    append_heading(text, name, family.help, word_of(family.kind));
    text += family.samples;
  }
  return text;
}

}  // namespace berth::service

// Numbers that plugins keep, shown beside the host's own: each family under the plugin's name, each series as long as
// the instance lives that keeps it. I/O thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/metrics.hpp"

namespace berth::service {

struct PluginSeries {
  enum class Kind { counter, gauge, histogram } kind = Kind::gauge;
  std::string name;  // without what is put before it
  std::string help;
  Labels labels;
  std::vector<double> bounds = {};          // histograms
  double value = 0;                         // theirs: the sum
  std::vector<std::uint64_t> buckets = {};  // one more than bounds; not cumulative
};

// Whether Prometheus could read it; the names of one family's samples are nobody else's.
bool is_good(const PluginSeries& series);

class PluginMetrics {
 public:
  using Sheet = std::vector<PluginSeries>;
  // Shown as long as it is held; of two sheets of one plugin, the later one.
  void show(std::string plugin, std::weak_ptr<const Sheet> sheet);
  std::string text();

 private:
  std::vector<std::pair<std::string, std::weak_ptr<const Sheet>>> m_sheets;
};

}  // namespace berth::service

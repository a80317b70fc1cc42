// A series keeps the name that it had first, and no two have the same one: what is shown stays readable, whatever a
// plugin's process says.
#include "loader/desk/metrics_desk.hpp"

#include <algorithm>

#include "loader/services/metric_notes.hpp"

namespace berth::loader {

void MetricsDesk::measure(const Note& note) {
  if (!m_sheet) {
    m_sheet = std::make_shared<service::PluginMetrics::Sheet>();
    m_all.show(m_plugin, m_sheet);
  }
  for (auto& [number, series] : unpack_metrics(note.data)) {
    auto& one = series;  // a lambda of clang 14 takes no structured binding
    if (const auto known = m_places.find(number); known != m_places.end()) {
      auto& shown = (*m_sheet)[known->second];
      if (shown.name != one.name || shown.buckets.size() != one.buckets.size()) continue;
      shown.value = one.value;
      shown.buckets = std::move(one.buckets);
      continue;
    }
    const bool taken = std::any_of(m_sheet->begin(), m_sheet->end(), [&](const auto& shown) {
      return shown.name == one.name && (shown.kind != one.kind || shown.labels == one.labels);
    });
    if (taken) continue;
    m_places[number] = m_sheet->size();
    m_sheet->push_back(std::move(one));
  }
}

}  // namespace berth::loader

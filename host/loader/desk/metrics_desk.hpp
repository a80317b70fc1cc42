// One plugin's numbers, as the host shows them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "loader/services/note.hpp"
#include "service/plugin_metrics.hpp"

namespace berth::loader {

class MetricsDesk {
 public:
  MetricsDesk(service::PluginMetrics& all, std::string plugin) : m_all(all), m_plugin(std::move(plugin)) {}
  void measure(const Note& note);
  void reset() {
    m_sheet.reset();
    m_places.clear();
  }

 private:
  service::PluginMetrics& m_all;
  const std::string m_plugin;
  std::shared_ptr<service::PluginMetrics::Sheet> m_sheet;
  std::map<std::uint32_t, std::size_t> m_places;  // of a series, by its number
};

}  // namespace berth::loader

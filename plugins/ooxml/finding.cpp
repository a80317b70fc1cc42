// The words for what was found, and the list of it.
#include "finding.hpp"

#include <numeric>
#include <utility>

namespace ooxml {

std::string_view name(Severity severity) {
  constexpr std::string_view names[] = {"refused", "repaired", "schema", "hint"};
  return names[static_cast<std::size_t>(severity)];
}

std::string_view name(Layer layer) {
  constexpr std::string_view names[] = {"package", "xml", "schema", "semantic", "rule"};
  return names[static_cast<std::size_t>(layer)];
}

void Findings::add(Finding finding) {
  ++m_counts[static_cast<std::size_t>(finding.severity)];
  if (!full()) m_kept.push_back(std::move(finding));
}

std::size_t Findings::total() const {
  return std::accumulate(std::begin(m_counts), std::end(m_counts), std::size_t{0});
}

}  // namespace ooxml

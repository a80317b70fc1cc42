// The words for what was found, and the list of it.
#include "finding.hpp"

#include <algorithm>
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
  const bool first_unreadable =
      !m_unreadable && finding.layer == Layer::xml && group_of(finding.severity, finding.layer) == Group::error;
  bool keeps = !full(finding.severity, finding.layer);
  ++m_counts[static_cast<std::size_t>(finding.severity)];
  ++m_of_group[static_cast<std::size_t>(group_of(finding.severity, finding.layer))];
  if (first_unreadable) {
    m_unreadable = true;
    if (!keeps) make_room();
    keeps = m_most > 0;
  }
  if (keeps) m_kept.push_back(std::move(finding));
}

// That a part is no XML matters more than the last of many errors, and whoever hands on what is kept hands it on, too.
void Findings::make_room() {
  const auto last = std::find_if(m_kept.rbegin(), m_kept.rend(),
                                 [](const Finding& one) { return group_of(one.severity, one.layer) == Group::error; });
  if (last != m_kept.rend()) m_kept.erase(std::next(last).base());
}

bool Findings::full() const {
  return std::all_of(std::begin(m_of_group), std::end(m_of_group), [this](std::size_t one) { return one >= m_most; });
}

std::size_t Findings::total() const {
  return std::accumulate(std::begin(m_counts), std::end(m_counts), std::size_t{0});
}

}  // namespace ooxml

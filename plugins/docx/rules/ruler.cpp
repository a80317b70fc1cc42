// Which rules matter how much, and what they found.
#include <utility>

#include "rules/rule.hpp"

namespace docx {

const RuleInfo* rule_info(std::string_view name) {
  for (const auto& one : rule_infos) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

Ruler::Ruler(const std::map<std::string, Level>& levels, ooxml::serve::Rulings& rulings)
    : m_levels(levels), m_rulings(rulings) {}

Level Ruler::level_or(std::string_view rule, Level otherwise) const {
  const auto at = m_levels.find(std::string(rule));
  return at == m_levels.end() ? otherwise : at->second;
}

Level Ruler::level(std::string_view rule) const {
  const auto* info = rule_info(rule);
  return level_or(rule, info ? info->level : Level::error);
}

Ruler::Place Ruler::here(const ooxml::Reading& reading) {
  return {reading.part.name, reading.position.path(), reading.position.line()};
}

void Ruler::find(std::string_view rule, const ooxml::Reading& reading, Fault fault) {
  if (on(rule)) find(rule, here(reading), std::move(fault));
}

void Ruler::find(std::string_view rule, const Place& place, Fault fault) {
  find(level(rule), place, std::string(rule), std::move(fault));
}

void Ruler::find(Level level, const Place& place, std::string code, Fault fault) {
  ooxml::Finding finding;
  finding.code = std::move(code);
  finding.part = place.part;
  finding.path = place.path;
  finding.line = place.line;
  finding.name = std::move(fault.name);
  finding.message = std::move(fault.message);
  finding.expected = std::move(fault.expected);
  finding.remedy = std::move(fault.remedy);
  m_rulings.add(level, std::move(finding));
}

}  // namespace docx

// What is said is for people: where, which function, which Excel, and what to do.
#include "formula_reader.hpp"

#include "gather.hpp"
#include "names.hpp"

namespace xlsx {

namespace s = ooxml::names::s;
namespace none = ooxml::names::none;

using formula::What;
using ooxml::Finding;
using ooxml::Severity;
using ooxml::serve::Level;

namespace {

std::string_view code_of(What what) {
  switch (what) {
    case What::newer: return "newer-function";
    case What::prefix: return "missing-prefix";
    case What::unknown: return "unknown-function";
    case What::foreign: return "foreign-function";
    case What::macro: return "macro-function";
    case What::broken: return "broken-formula";
    case What::too_long: return "formula-too-long";
    case What::too_deep: return "formula-too-deep";
    default: return "too-many-arguments";
  }
}

// The function's name without what files put before it; anything else as it stands.
std::string plain_name(const formula::Trouble& one) {
  if (one.function) return std::string(one.function->name);
  return std::string(formula::without_prefix(one.name).name.substr(0, 100));
}

std::string excel(ooxml::Office office) { return "Excel " + std::string(ooxml::serve::name(office)); }

std::string message(const formula::Trouble& one, ooxml::Office office) {
  const std::string name = plain_name(one);
  switch (one.what) {
    case What::newer:
      return " uses " + name + ", which " + excel(office) + " does not know: Excel has it from " +
             std::string(formula::year(one.function->since)) + " on";
    case What::prefix:
      return one.function && one.function->prefix.empty()
                 ? " has " + name + " with a prefix, and files write it without any"
                 : " has " + name + " without what files write before it, so Excel shows #NAME?";
    case What::unknown: return " uses " + name + ", which is no function of Excel's and no name of this workbook";
    case What::foreign: return " uses " + name + ", which another program has left there, and Excel does not compute";
    case What::macro:
      return " uses " + name + ", a function of Excel 4's macros, which work in names of .xlsm files alone";
    case What::too_long: return " has more than 8,192 characters";
    case What::too_deep: return " has more than 64 functions within each other";
    case What::too_wide: return " gives one function more than 255 arguments";
    default: return std::string(" cannot be read by Excel: ") + one.words + (name.empty() ? "" : ", at " + name);
  }
}

std::string remedy(const formula::Trouble& one) {
  switch (one.what) {
    case What::newer:
      return one.function->instead.empty() ? "have the value computed before"
                                           : "use " + std::string(one.function->instead);
    case What::prefix: return "write " + one.expected + " in the file; Excel shows it as it is meant";
    case What::unknown:
      return "look for a misspelling; a function of an add-in or of VBA works only where that is there";
    case What::foreign: return "put the value in its place";
    case What::macro: return "use a worksheet function, or save as .xlsm";
    case What::broken: return "correct the formula; Excel takes it out when it repairs the file";
    default: return "divide it among several cells";
  }
}

// Excel takes these out, and says that it has repaired the file.
bool is_repaired(What what) {
  return what == What::broken || what == What::too_long || what == What::too_deep || what == What::too_wide;
}

Level level_of(const formula::Trouble& one, bool macros) {
  if (one.what == What::foreign || one.what == What::macro) return Level::hint;
  if (one.what == What::unknown && macros) return Level::hint;
  if (one.what == What::prefix && one.function && one.function->prefix.empty()) return Level::hint;
  return Level::error;
}

}  // namespace

FormulaReader::FormulaReader(FormulaRules& rules, const ooxml::Reading& reading)
    : m_rules(rules),
      m_reading(reading),
      m_sheet(rules.sheet_of(reading.part)),
      m_check(static_cast<std::uint16_t>(reading.office), *this) {}

bool FormulaReader::begins_formula(const ooxml::Start& element) {
  const auto name = element.name;
  if (name == s::f || name == ooxml::names::xm::f || name == ooxml::names::c::f) return true;
  if (name.space != s::f.space) return name.local == s::f.local && element.local == "f";
  return name == s::formula || name == s::formula1 || name == s::formula2 || name == s::definedName ||
         name == s::calculatedColumnFormula || name == s::totalsRowFormula;
}

void FormulaReader::start(const ooxml::Start& element) {
  if (element.name == s::c) {
    const auto& all = element.attributes;
    m_cell = !all.empty() && all[0].name == none::r ? all[0].value : element.value(none::r);
    return;
  }
  if (element.name == s::v || element.name == s::row) return;
  m_reads = begins_formula(element);
  m_text.clear();
  if (element.name == s::definedName || element.name == s::tableColumn)
    m_context = element.value(none::name);
  else if (element.name == s::conditionalFormatting || element.name == s::dataValidation)
    m_context = element.value(none::sqref);
  else if (element.name == s::cfvo && element.value(none::type) == "formula")
    run(element.value(none::val));
}

void FormulaReader::end(const ooxml::Start& element) {
  if (m_reads) {
    m_reads = false;
    run(m_text);
  } else if (element.name == s::sheetData) {
    m_cell.clear();
  } else if (element.depth == 1) {
    sum_up();
  }
}

void FormulaReader::run(std::string_view formula) {
  if (formula.empty()) return;
  ++m_rules.formulas;
  m_check.run(formula);
}

std::string FormulaReader::place() const {
  if (!m_cell.empty()) return (m_sheet.empty() ? "" : m_sheet + "!") + m_cell;
  const std::string& type = m_reading.part.content_type;
  if (type.ends_with("table+xml")) return "the table's column " + m_context;
  if (type.ends_with("chart+xml") || type.ends_with("chartex+xml")) return "the chart";
  if (m_sheet.empty()) return "the name " + m_context;
  return "a rule of " + m_sheet + (m_context.empty() ? "" : "!" + m_context);
}

// Beyond the bound all functions of a kind count as one.
FormulaReader::Said& FormulaReader::said_of(const formula::Trouble& one) {
  std::pair key{one.what, plain_name(one)};
  const auto at = m_said.find(key);
  if (at != m_said.end()) return at->second;
  if (m_said.size() >= most_said) key.second.clear();
  return m_said[std::move(key)];
}

// Where no more is kept, a trouble is no more than a number.
bool FormulaReader::only_counted(const formula::Trouble& one) {
  auto& rulings = m_rules.verdict.rulings;
  const Level level = level_of(one, m_rules.macros);
  const bool repaired = is_repaired(one.what);
  const bool full =
      repaired ? m_reading.findings.full(Severity::repaired, ooxml::Layer::semantic) : rulings.full(level);
  if (full) repaired ? m_reading.findings.add({Severity::repaired, ooxml::Layer::semantic}) : rulings.add(level, {});
  return full;
}

void FormulaReader::trouble(const formula::Trouble& one) {
  if (one.what == What::too_long && !m_cell.empty()) return;  // which the rules of cells tell
  Said& said = said_of(one);
  said.last = place();
  if (++said.count > most_of_one || only_counted(one)) return;
  Finding finding;
  finding.code = code_of(one.what);
  finding.part = m_reading.part.name;
  finding.path = m_reading.position.path();
  finding.line = m_reading.position.line();
  finding.name = plain_name(one);
  finding.message = said.last + message(one, m_reading.office);
  finding.expected = one.expected;
  finding.remedy = remedy(one);
  tell(one, std::move(finding));
}

void FormulaReader::tell(const formula::Trouble& one, Finding finding) {
  if (!is_repaired(one.what)) return m_rules.verdict.rulings.add(level_of(one, m_rules.macros), std::move(finding));
  finding.severity = Severity::repaired;
  finding.layer = ooxml::Layer::semantic;
  m_reading.findings.add(std::move(finding));
}

void FormulaReader::sum_up() {
  for (const auto& [key, said] : m_said) {
    if (said.count <= most_of_one) continue;
    Finding finding;
    finding.code = code_of(key.first);
    finding.part = m_reading.part.name;
    finding.name = key.second;
    finding.message = "the same " + (key.second.empty() ? "" : "of " + key.second + " ") + "in " +
                      std::to_string(said.count - most_of_one) + " more formulas, the last in " + said.last;
    m_rules.verdict.rulings.add(Level::hint, std::move(finding));
  }
}

}  // namespace xlsx

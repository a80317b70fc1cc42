// Names are known before the first sheet is read: one may be called like a function.
#include "formula_rules.hpp"

#include <berth/call.hpp>
#include <utility>

#include "formula_reader.hpp"
#include "reading.hpp"

namespace xlsx {

namespace {

bool has_formulas(const ooxml::Part& part) {
  for (const std::string_view kind : {"worksheet+xml", "sheet.main+xml", "main+xml", "table+xml", "chart+xml",
                                      "chartex+xml", "macrosheet+xml", "dialogsheet+xml"})
    if (part.content_type.ends_with(kind)) return true;
  return false;
}

// Two that read the same.
class Both : public ooxml::Handler {
 public:
  Both(std::unique_ptr<ooxml::Handler> a, std::unique_ptr<ooxml::Handler> b) : m_a(std::move(a)), m_b(std::move(b)) {}
  void start(const ooxml::Start& element) override {
    m_a->start(element);
    m_b->start(element);
  }
  void text(std::string_view text) override {
    m_a->text(text);
    m_b->text(text);
  }
  void end(const ooxml::Start& element) override {
    m_a->end(element);
    m_b->end(element);
  }

 private:
  std::unique_ptr<ooxml::Handler> m_a, m_b;
};

// What cannot be read here the look tells of.
Book book_of(const ooxml::Package& package) {
  try {
    return package.main() ? read_book(package) : Book();
  } catch (const berth::Error&) {
    return {};
  }
}

}  // namespace

FormulaRules::FormulaRules(std::unique_ptr<ooxml::Domain> other, const ooxml::Package& package,
                           ooxml::serve::Verdict& what)
    : verdict(what), macros(package.macros()), m_other(std::move(other)), m_book(book_of(package)), m_names(m_book) {
  for (const auto& one : m_book.sheets)
    if (one.part) m_sheets.emplace(one.part, one.name);
}

std::string FormulaRules::sheet_of(const ooxml::Part& part) const {
  const auto at = m_sheets.find(&part);
  return at == m_sheets.end() ? std::string() : at->second;
}

std::unique_ptr<ooxml::Handler> FormulaRules::reader(const ooxml::Reading& reading) {
  auto other = m_other ? m_other->reader(reading) : nullptr;
  if (!has_formulas(reading.part)) return other;
  auto own = std::make_unique<FormulaReader>(*this, reading);
  if (!other) return own;
  return std::make_unique<Both>(std::move(other), std::move(own));
}

void FormulaRules::finish(const ooxml::Package& package, ooxml::Findings& findings) {
  if (m_other) m_other->finish(package, findings);
  verdict.stats["formulas"] = formulas;
  verdict.stats["function_calls"] = calls;
  verdict.stats["needs_excel"] = formula::year(newest);
}

}  // namespace xlsx

// Reads the formulas of a workbook along while it is looked at: in cells, names, validations, formats by condition,
// tables, charts. What is wrong with one is told where it stands, and at most some hundred times of one function.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "book.hpp"
#include "formula/functions.hpp"
#include "look.hpp"
#include "serve/verdict.hpp"

namespace xlsx {

inline constexpr std::size_t most_of_one = 100;  // findings of one kind and function in one part

// Stands before another domain, which reads as if it were alone; there may be none.
class FormulaRules : public ooxml::Domain {
 public:
  FormulaRules(std::unique_ptr<ooxml::Domain> other, const ooxml::Package& package, ooxml::serve::Verdict& verdict);

  std::vector<const ooxml::Part*> first(const ooxml::Package& package) override {
    return m_other ? m_other->first(package) : std::vector<const ooxml::Part*>{};
  }
  std::unique_ptr<ooxml::Handler> reader(const ooxml::Reading& reading) override;
  void finish(const ooxml::Package& package, ooxml::Findings& findings) override;

  // What the readers of parts share.
  bool named(std::string_view name) const { return m_names.has(name); }
  std::string sheet_of(const ooxml::Part& part) const;
  void called(const formula::Function& function) {
    ++calls;
    newest = std::max(newest, function.since);
  }
  ooxml::serve::Verdict& verdict;
  const bool macros;
  std::uint64_t formulas = 0, calls = 0;
  std::uint16_t newest = formula::oldest;

 private:
  const std::unique_ptr<ooxml::Domain> m_other;
  const Book m_book;
  const NameSet m_names;
  std::map<const ooxml::Part*, std::string> m_sheets;
};

}  // namespace xlsx

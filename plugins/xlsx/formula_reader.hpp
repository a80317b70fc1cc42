// One part's formulas: found, checked, and told with the cell, the name or the table that they stand in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "formula/check.hpp"
#include "formula_rules.hpp"

namespace xlsx {

class FormulaReader : public ooxml::Handler, private formula::Watcher {
 public:
  FormulaReader(FormulaRules& rules, const ooxml::Reading& reading);
  void start(const ooxml::Start& element) override;
  void text(std::string_view text) override {
    if (m_reads && m_text.size() < most_kept) m_text += text;
  }
  void end(const ooxml::Start& element) override;

 private:
  static constexpr std::size_t most_kept = 64u << 10;  // far more than a formula may have
  static constexpr std::size_t most_said = 10'000;     // kinds and functions of one part that are told apart
  struct Said {                                        // of one kind and function
    std::size_t count = 0;
    std::string last;
  };
  void called(const formula::Function& function) override { m_rules.called(function); }
  void trouble(const formula::Trouble& trouble) override;
  bool named(std::string_view name) const override { return m_rules.named(name); }
  void run(std::string_view formula);
  bool begins_formula(const ooxml::Start& element);
  std::string place() const;
  Said& said_of(const formula::Trouble& trouble);
  bool only_counted(const formula::Trouble& trouble);
  void tell(const formula::Trouble& trouble, ooxml::Finding finding);
  void sum_up();

  FormulaRules& m_rules;
  const ooxml::Reading m_reading;
  const std::string m_sheet;
  formula::Check m_check;
  bool m_reads = false;
  std::string m_text, m_cell, m_context;
  std::map<std::pair<formula::What, std::string>, Said> m_said;
};

}  // namespace xlsx

// The look at all parts, with the rules of Excel's files and of formulas reading along.
#include "validate.hpp"

#include <berth/call.hpp>
#include <chrono>

#include "formula_rules.hpp"
#include "input.hpp"
#include "serve/sdk.hpp"
#include "serve/verdict.hpp"
#include "sheet/rules.hpp"

namespace xlsx {

using berth::Error;
using ooxml::serve::Verdict;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_told = 10'000, usual_told = 1000;  // of each list of an answer

ooxml::Office office_of(const ooxml::serve::Asked& asked) {
  const auto office = ooxml::serve::office_of(asked.text("office", "2019"));
  if (!office) throw Error(400, "bad_office", "office is 2007, 2010, 2013, 2016, 2019, 2021 or 365");
  return *office;
}

ooxml::Finding another_kind() {
  ooxml::Finding finding;
  finding.severity = ooxml::Severity::refused;
  finding.layer = ooxml::Layer::package;
  finding.code = "another-kind";
  finding.message = "this is a package of Office's, and no workbook of Excel's";
  finding.remedy = "docx.validate is for documents of Word's";
  return finding;
}

void look_at(const ooxml::Package& package, const ooxml::serve::Asked& asked, Verdict& verdict) {
  if (package.kind() != ooxml::Kind::sheet) return verdict.findings.add(another_kind());
  FormulaRules rules(ooxml::sheet_rules(), package, verdict);
  ooxml::LookOptions options;
  options.office = verdict.office;
  options.progress = asked.progress;
  options.stop = asked.stop;
  if (!ooxml::look(package, &rules, options, verdict.findings)) throw Error(499, "cancelled", "it was cancelled");
  verdict.stats["parts"] = package.parts().size();
}

// Microsoft's own validator in our place; it knows nothing of functions.
berth::Json by_sdk(const ooxml::serve::Asked& asked, ooxml::Office office) {
  if (asked.text("engine") != "openxml-sdk" || !asked.sdk)
    throw Error(400, "unknown_engine", "an engine is \"berth\" or \"openxml-sdk\"");
  const std::string path = asked.input.at("path"), program = ooxml::serve::find_sdk(asked.config);
  const berth::Fd file = asked.files.open(path);
  const auto begin = Clock::now();
  const std::string output = asked.sdk(program, file.get(), path, office);
  const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
  return ooxml::serve::sdk_answer(output, office, took.count());
}

}  // namespace

berth::Json validate(const ooxml::serve::Asked& asked) {
  const auto begin = Clock::now();
  if (asked.text("engine", "berth") != "berth") return by_sdk(asked, office_of(asked));
  Verdict verdict(within(asked.input, "max_errors", 1, most_told, usual_told));
  verdict.office = office_of(asked);
  const berth::Fd file = asked.files.open(asked.input.at("path"));
  const auto package = ooxml::Package::open(file.get(), {}, verdict.findings);
  verdict.opened = package != nullptr;
  if (package) look_at(*package, asked, verdict);
  verdict.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  return ooxml::serve::answer_of(verdict);
}

int exit_of(const berth::Json& answer) {
  const int code = ooxml::serve::exit_of(answer);
  return code == ooxml::serve::rule_errors ? ooxml::serve::schema_errors : code;
}

}  // namespace xlsx

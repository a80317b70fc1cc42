// `berth xlsx …`: the same operations on files of the machine.
#include <string>
#include <vector>

#include "csv.hpp"
#include "inspect.hpp"
#include "read.hpp"
#include "recheck.hpp"
#include "serve/tool.hpp"
#include "serve/verdict.hpp"
#include "validate.hpp"

namespace {

using Form = ooxml::serve::ToolOption::Form;

std::vector<ooxml::serve::ToolOption> with_manner(std::vector<ooxml::serve::ToolOption> options) {
  options.push_back({"--sheet", "NAME", "sheet", Form::text, "its name, or its place from 1"});
  options.push_back({"--range", "RANGE", "range", Form::text, "B2:D9, B:D, Sheet2!A1:C9, or the name of a table"});
  options.push_back({"--what", "WHAT", "what", Form::text, "values or formulas"});
  options.push_back({"--delimiter", "C", "delimiter", Form::text, "between fields of CSV"});
  options.push_back({"--quote", "WHICH", "quote", Form::text, "needed or all"});
  options.push_back({"--windows", "", "windows", Form::flag, "CR LF, and a mark of UTF-8 before"});
  return options;
}

std::string csv_or_json(const std::string&, const berth::Json& answer, bool terminal) {
  if (!answer.contains("csv")) return answer.dump(2, ' ', false, berth::Json::error_handler_t::replace) + "\n";
  return terminal ? xlsx::for_terminal(answer["csv"].get<std::string>()) : answer["csv"].get<std::string>();
}

ooxml::serve::Tool tool() {
  ooxml::serve::Tool all{"xlsx", "Excel's files: validated, inspected, read", {}};
  all.misuse = 2;
  all.codes =
      "0 done, and what was validated or rechecked is right; 1 it is not; 2 the command line is wrong; 3 there is no\n"
      "such file or sheet; 4 it cannot be read as a workbook; 70 anything else.\n";
  all.commands.push_back(
      {"validate",
       "Says whether a workbook is sound, and whether Excel knows its functions",
       {"path"},
       {{"--office", "YEAR", "office", Form::text, "2007, 2010, 2013, 2016, 2019 (usual), 2021 or 365"},
        {"--max-errors", "N", "max_errors", Form::number, "of each list; 1000 if not given"},
        {"--engine", "ENGINE", "engine", Form::text, "berth (if not given) or openxml-sdk"}},
       &xlsx::validate,
       &ooxml::serve::report_of,
       &xlsx::exit_of});
  all.commands.push_back({"recheck",
                          "Computes all formulas anew: errors with their root, stale values, circles",
                          {"path"},
                          {{"--limit", "N", "limit", Form::number, "of each list; 100 if not given"},
                           {"--now", "DATE", "now", Form::text, "what NOW and TODAY are; the clock if not given"}},
                          &xlsx::recheck,
                          &xlsx::recheck_report,
                          &xlsx::recheck_exit});
  all.commands.push_back({"inspect", "Tells what is in a workbook", {"path"}, {}, &xlsx::inspect});
  all.commands.push_back({"read",
                          "Reads cells of a sheet, a range, a table or a name",
                          {"path"},
                          with_manner({{"--form", "FORM", "form", Form::text, "rows, cells or csv"},
                                       {"--dates", "HOW", "dates", Form::text, "iso or numbers"},
                                       {"--from-row", "N", "from_row", Form::number, "goes on there"},
                                       {"--limit", "N", "limit", Form::number, "rows at most; 1000 if not given"}}),
                          &xlsx::read,
                          &csv_or_json});
  all.commands.push_back(
      {"to-csv",
       "Writes a sheet, or all, as CSV",
       {"path"},
       with_manner({{"--to", "FILE", "to", Form::text, "the new file, or folder; beside the workbook if not given"},
                    {"--all", "", "all", Form::flag, "each sheet into a file of its own"},
                    {"--replace", "", "replace", Form::flag, "what is there already"}}),
       &xlsx::to_csv_here});
  return all;
}

}  // namespace

int main(int count, char** words) { return ooxml::serve::run_tool(tool(), {words + 1, words + count}); }

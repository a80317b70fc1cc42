// What a page says, and where it says it.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

void Plugin::declare_extract(Declaration& d) {
  const auto number_or_null = Schema(Json{{"type", Json::array({"integer", "null"})}});
  auto extract = d.get("extract", "/browser/extract");
  words(extract, "What the page says: as Markdown, text, tables, links or metadata",
        "For reading; browser.snapshot is for using the page. The main part of it, unless `whole`, or an element, is "
        "said.",
        object({tab_field(), timeout_field(), ref_field(), selector_field(),
                berth::optional(
                    "as",
                    berth::string().one_of({"markdown", "text", "tables", "links", "metadata"}).otherwise("markdown")),
                berth::optional("whole", boolean().otherwise(false).describe("With menus, side notes, and the foot")),
                berth::optional("from", integer().minimum(0).otherwise(0).describe("The first byte")),
                berth::optional("max_bytes", integer().minimum(100).maximum(1'000'000).otherwise(8000))}))
      .output(answers::outcome(
          {berth::optional("text", berth::string()), berth::optional("bytes", integer().describe("In all")),
           berth::optional("next", Schema(number_or_null).describe("`from` of the next piece")),
           berth::optional("tables",
                           array(object({field("caption", berth::string()), field("columns", array(berth::string())),
                                         field("rows", array(array(berth::string())))}))),
           berth::optional("links", array(object({field("text", berth::string()), field("url", berth::string())}))),
           berth::optional("metadata", anything())}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::extract); });
  auto find = d.get("find", "/browser/find");
  words(find, "Where the page says something",
        "Lines of its snapshot that have the text, with their refs. `line` is good for `from` of browser.snapshot.",
        object({tab_field(), timeout_field(), field("text", berth::string().min_length(1).max_length(200))}))
      .output(object({field("tab", berth::string()),
                      field("found", array(object({field("line", integer()), field("text", berth::string())}))),
                      field("count", integer()), field("lines", integer())}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::find_text); });
}

}  // namespace browser

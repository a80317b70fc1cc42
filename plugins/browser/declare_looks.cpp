// What is seen of a page.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

namespace {

constexpr const char* about_snapshot =
    "The page's accessibility tree, without what neither is read nor used: `button \"Go\" [e5] disabled`, indented by "
    "what it is in, frames and shadow roots, too. A ref stays the same as long as its element is there. At most "
    "`max_bytes` come at once; `next` is where to go on. With `changes` only what is new (+) or gone (-) since the "
    "last "
    "snapshot.";

}  // namespace

void Plugin::declare_looks(Declaration& d) {
  auto snapshot = d.get("snapshot", "/browser/snapshot");
  words(snapshot, "What the page shows and offers, as text", about_snapshot,
        object({tab_field(), timeout_field(),
                berth::optional("from", integer().minimum(0).otherwise(0).describe("The first line")),
                berth::optional("max_bytes", integer().minimum(100).maximum(1'000'000).otherwise(4000)),
                berth::optional("changes", boolean().otherwise(false))}))
      .output(answers::outcome())
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::snapshot); });
  auto screenshot = d.download("screenshot", "/browser/screenshot");
  words(
      screenshot, "A picture of the page, or of an element",
      "The window's part of it, unless `full` says otherwise. With `marks` what can be used has its ref written on it.",
      with_more(picture_fields(), {tab_field(), timeout_field(),
                                   berth::optional("type", berth::string().one_of({"png", "jpeg"}).otherwise("png"))}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::screenshot); });
  auto pdf = d.download("pdf", "/browser/pdf");
  words(pdf, "The page as PDF", "As it prints: with the page's own @page rules, unless `paper` is given.",
        with_more(print_fields(), {tab_field(), timeout_field()}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::pdf); });
  auto save = d.post("save", "/browser/save");
  auto all = picture_fields();
  for (auto& one : print_fields()) all.push_back(std::move(one));
  words(save, "Saves the page into a file of the workspace, as what its name ends with",
        ".txt (the snapshot), .md (what it says), .html, .mhtml, .png, .jpg, .pdf, .har (its requests).",
        with_more(all,
                  {tab_field(), timeout_field(), show_field(),
                   field("path", berth::string()
                                     .min_length(5)
                                     .max_length(1000)
                                     .describe("In output/ or deploy/")
                                     .example("output/page.pdf")),
                   berth::optional("whole", boolean().otherwise(false).describe("Of .md: with menus and side notes"))}))
      .output(answers::outcome({field("path", berth::string()), field("bytes", integer())}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::save); });
  auto console = d.get("console", "/browser/console");
  words(console, "What the page has said on its console",
        "The last 500 lines are kept; errors that nobody caught are `exception`.",
        object({tab_field(),
                berth::optional("after", integer().minimum(0).otherwise(0).describe("Only those behind this number"))}))
      .output(
          object({field("tab", berth::string()),
                  field("lines", array(object({field("number", integer()), field("kind", berth::string()),
                                               field("text", berth::string()), field("where", berth::string())})))}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::console); });
}

}  // namespace browser

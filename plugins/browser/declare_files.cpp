// What goes from the workspace into pages, and from pages into the workspace.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

void Plugin::declare_files(Declaration& d) {
  const auto path = berth::string().min_length(1).max_length(1000);
  auto upload = d.post("upload", "/browser/upload");
  words(
      upload, "Gives a page files of the workspace",
      "Into an <input type=file>, or, without an element, into what the page has asked for since (`file_chooser` in an "
      "answer). The page gets copies.",
      object(
          {tab_field(), ref_field(), selector_field(), timeout_field(), show_field(),
           field(
               "paths",
               array(Schema(path).describe("Of the workspace").example("output/a.csv")).min_items(1).max_items(100))}))
      .output(answers::outcome({field("files", integer()), field("bytes", integer())}))
      .open_world()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::upload); });
  auto downloads = d.get("downloads", "/browser/downloads");
  words(
      downloads, "What the session's pages have given to be kept",
      "It comes into output/downloads/ of the workspace; programs into output/downloads/quarantine/, under a name that "
      "nothing runs. At most 256 MiB each, or what berth.lua says. Events: browser.download.",
      object({timeout_field(), berth::optional("settled", boolean().otherwise(false).describe(
                                                              "Waits until there is one, and none is under way"))}))
      .output(object({field("downloads", array(download()))}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::downloads); });
}

}  // namespace browser

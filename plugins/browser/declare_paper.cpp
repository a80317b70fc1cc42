// HTML that becomes PDF.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

void Plugin::declare_paper(Declaration& d) {
  auto paper = d.post("html_to_pdf", "/browser/html_to_pdf");
  const auto path = berth::string().min_length(1).max_length(1000);
  words(
      paper, "Makes a PDF of HTML, and says what is wrong with it",
      "Of `html`, a `file` of the workspace (what lies beside it is found), or a `url`. With the page's @page rules, "
      "unless "
      "`paper` is given. Fonts, pictures, mermaid and MathJax are waited for. Look at `blank`, `overflows` and "
      "`missing` in the answer.",
      with_more(print_fields(),
                {berth::optional("html", berth::string().min_length(1).max_length(10'000'000)),
                 berth::optional("file", Schema(path).example("output/report.html")),
                 berth::optional("url", berth::string().min_length(1).max_length(100'000)),
                 field("path", Schema(path).describe("Of the PDF: in output/ or deploy/").example("output/report.pdf")),
                 timeout_field()}))
      .output(object(
          {field("path", berth::string()), field("bytes", integer()), field("pages", integer()),
           field("blank", array(integer()).describe("Pages that nothing is on")), field("title", berth::string()),
           field("words", integer()), field("figures", integer()),
           field("missing", array(berth::string()).describe("Pictures that did not come")),
           field("overflows", array(object({field("element", berth::string()),
                                            field("by", integer().describe("Pixels beyond the page, or cut off")),
                                            field("text", berth::string())}))),
           field("late", array(berth::string()).describe("What was not waited for any longer"))}))
      .open_world()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::html_to_pdf); });
}

}  // namespace browser

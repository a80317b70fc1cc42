// What else is asked of a page: that it comes to something, and what its scripts say.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

namespace {

constexpr const char* about_wait =
    "One or more of them; all have to be true at once. `function` is JavaScript whose value has to be true.";

}  // namespace

void Plugin::declare_page(Declaration& d) {
  auto wait = d.post("wait", "/browser/wait");
  const auto text = berth::string().min_length(1).max_length(2000);
  words(wait, "Waits for something of the page", about_wait,
        object({tab_field(), timeout_field(), show_field(),
                berth::optional("text", Schema(text).describe("That the page shows")),
                berth::optional("gone", Schema(text).describe("A text that it does not show any more")),
                berth::optional("selector", Schema(text).describe("CSS of an element that is shown")),
                berth::optional("url", Schema(text).describe("A part of its URL")),
                berth::optional("state", berth::string().one_of({"domcontentloaded", "load", "networkidle"})),
                berth::optional("function", berth::string().max_length(100'000))}))
      .output(answers::outcome())
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::wait); });
  auto evaluate = d.post("evaluate", "/browser/evaluate");
  words(evaluate, "Runs JavaScript in the page",
        "`value` is what it comes to; a promise is waited for. In the page's own world.",
        object({tab_field(), timeout_field(),
                field("expression", berth::string().min_length(1).max_length(1u << 20).example("document.title"))}))
      .output(answers::outcome())
      .open_world()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::evaluate); });
  const auto text_field = berth::optional("text", berth::string().max_length(10'000).describe("For prompts"));
  auto dialogs = d.post("dialogs", "/browser/dialogs");
  words(dialogs, "Says how the page's dialogs are answered",
        "From now on, in this tab. Unless told otherwise alerts are accepted, questions dismissed. What was asked, and "
        "how it was answered, is in the answer of the action that led to it. With `hold` they stay open until "
        "browser.answer_dialog; the page waits meanwhile.",
        object({tab_field(), berth::optional("accept", boolean()), berth::optional("hold", boolean()), text_field}))
      .output(answers::outcome())
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::dialogs); });
  auto answer = d.post("answer_dialog", "/browser/dialogs/answer");
  words(answer, "Answers the dialog that is held open", "",
        object({tab_field(), timeout_field(), field("accept", boolean()), text_field, show_field()}))
      .output(answers::outcome())
      .open_world()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::answer_dialog); });
}

}  // namespace browser

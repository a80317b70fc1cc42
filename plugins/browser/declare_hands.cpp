// Mouse and keys.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

namespace {

constexpr const char* about_actions =
    "The element is waited for: until it is there, shown, still, enabled and not covered. If time is up, the error "
    "says "
    "what was in the way. If the page leaves, the next one is waited for, up to 5 s.";

Schema target(std::initializer_list<Field> more) {
  return with_more({tab_field(), ref_field(), selector_field(), timeout_field(), show_field()}, more);
}

}  // namespace

void Plugin::declare_hands(Declaration& d) {
  const auto action = [](Operation<Plugin> one, const char* summary, const Schema& input, Step step) {
    words(one, summary, about_actions, input)
        .output(answers::outcome())
        .open_world()
        .handle([step](Plugin& self, const Call& call) { self.run(call, step, true); });
  };
  const auto held = berth::optional("held", array(berth::string().one_of({"Alt", "Control", "Meta", "Shift"}))
                                                .max_items(4)
                                                .describe("Keys that are held meanwhile"));
  action(d.post("click", "/browser/click"), "Clicks an element, or a place",
         target({berth::optional("button", berth::string().one_of({"left", "right", "middle"}).otherwise("left")),
                 berth::optional("double", boolean().otherwise(false)), held,
                 berth::optional("x", number().describe("A place in the window, with y, instead of an element")),
                 berth::optional("y", number())}),
         &Plugin::click);
  action(d.post("hover", "/browser/hover"), "Moves the mouse onto an element", target({}), &Plugin::hover);
  action(d.post("drag", "/browser/drag"), "Drags an element onto another",
         target({ref_field("to_ref"), selector_field("to_selector")}), &Plugin::drag);
  action(d.post("scroll", "/browser/scroll"), "Scrolls the page, or an element",
         target({berth::optional("x", number().otherwise(0)), berth::optional("y", number().otherwise(600))}),
         &Plugin::scroll);
}

void Plugin::declare_keys(Declaration& d) {
  const auto action = [](Operation<Plugin> one, const char* summary, const Schema& input, Step step) {
    words(one, summary, about_actions, input)
        .output(answers::outcome())
        .open_world()
        .handle([step](Plugin& self, const Call& call) { self.run(call, step, true); });
  };
  action(d.post("fill", "/browser/fill"), "Writes a text into a field, in the place of what is there",
         target({field("text", berth::string().max_length(1u << 20))}), &Plugin::fill);
  action(d.post("type", "/browser/type"), "Types a text, key by key, where the focus is or into an element",
         target({field("text", berth::string().max_length(10'000)),
                 berth::optional("submit", boolean().otherwise(false).describe("Whether Enter follows"))}),
         &Plugin::type);
  action(d.post("press", "/browser/press"), "Presses a key, or several at once",
         target({field("keys", berth::string().min_length(1).max_length(60).example("Control+A"))}), &Plugin::press);
  action(d.post("select", "/browser/select"), "Chooses options of a <select>, by value or label",
         target({field("values", array(berth::string().max_length(1000)).max_items(1000))}), &Plugin::select);
  action(d.post("check", "/browser/check"), "Checks a checkbox, a radio button or a switch, or takes the check away",
         target({berth::optional("checked", boolean().otherwise(true))}), &Plugin::check);
}

}  // namespace browser

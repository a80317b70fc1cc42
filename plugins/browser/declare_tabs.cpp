// Tabs, and where they go.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

namespace {

constexpr const char* about_navigate =
    "http and https go through the host's proxy, to what berth.lua allows: public addresses, unless it says otherwise. "
    "`data:` and `about:blank` need no network. A page whose answer is an error (404) is loaded all the same.";

}  // namespace

void Plugin::declare_tabs(Declaration& d) {
  const auto go = [](Operation<Plugin> one, const char* summary, Step step) {
    words(one, summary, "", object({tab_field(), until_field(), timeout_field(), show_field()}))
        .output(answers::outcome())
        .open_world()
        .handle([step](Plugin& self, const Call& call) { self.run(call, step); });
  };
  auto navigate = d.post("navigate", "/browser/navigate");
  words(navigate, "Goes to a page", about_navigate,
        object({field("url", berth::string()
                                 .min_length(1)
                                 .max_length(2'000'000)
                                 .describe("Where to")
                                 .example("https://example.org/")),
                tab_field(), berth::optional("new_tab", boolean().otherwise(false)), until_field(), timeout_field(),
                show_field()}))
      .output(answers::outcome())
      .open_world()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::navigate); });
  go(d.post("back", "/browser/back"), "Goes back to the page before", &Plugin::back);
  go(d.post("forward", "/browser/forward"), "Goes forward again", &Plugin::forward);
  go(d.post("reload", "/browser/reload"), "Loads the page anew", &Plugin::reload);
  d.get("tabs", "/browser/tabs")
      .summary("The session's tabs")
      .output(object({field("tabs", array(answers::tab()))}))
      .read_only()
      .concurrent()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::tabs); });
  d.post("new_tab", "/browser/tabs")
      .summary("Opens a tab, which becomes the active one")
      .input(object({timeout_field()}))
      .output(answers::outcome())
      .concurrent()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::new_tab); });
  const auto which = object({field("tab", berth::string().pattern("^t[0-9]{1,9}$").describe("Which").example("t1"))});
  d.post("select_tab", "/browser/tabs/{tab}/select")
      .summary("Makes a tab the active one")
      .input(which)
      .output(answers::outcome())
      .concurrent()
      .idempotent()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::select_tab); });
  d.del("close_tab", "/browser/tabs/{tab}")
      .summary("Closes a tab")
      .input(which)
      .output(object({field("tab", berth::string()), field("closed", boolean())}))
      .concurrent()
      .destructive()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::close_tab); });
  const auto name = berth::string().pattern("^[A-Za-z0-9_.-]{0,60}$");
  const auto contexts = object(
      {field("contexts",
             array(object({field("name", berth::string()), field("tabs", integer()), field("used", boolean())})))});
  auto list = d.get("contexts", "/browser/contexts");
  words(list, "The session's contexts", "", object())
      .output(contexts)
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::contexts); });
  auto use = d.post("use_context", "/browser/contexts");
  words(use, "Goes on in another context, which is made if there is none",
        "Each has cookies, storage, logins and tabs of its own: two accounts of one site at once. A tab that is named "
        "is used "
        "wherever it is. The usual one's name is empty.",
        object({field("name", Schema(name).example("shop"))}))
      .output(contexts)
      .idempotent()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::use_context); });
  auto forget = d.del("forget_context", "/browser/contexts/{name}");
  words(forget, "Takes a context away, with its tabs and all that it has", "", object({field("name", name)}))
      .output(contexts)
      .destructive()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::forget_context); });
}

}  // namespace browser

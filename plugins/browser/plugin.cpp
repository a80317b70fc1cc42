// What the plugin says of itself. The words are for people and for LLM clients alike: each description has what one
// cannot guess.
#include "plugin.hpp"

#include "answers.hpp"

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
constexpr const char* about_actions =
    "The element is waited for: until it is there, shown, still, enabled and not covered. If time is up, the error "
    "says "
    "what was in the way. If the page leaves, the next one is waited for, up to 5 s.";
constexpr const char* about_navigate =
    "http and https go through the host's proxy, to what berth.lua allows: public addresses, unless it says otherwise. "
    "`data:` and `about:blank` need no network. A page whose answer is an error (404) is loaded all the same.";
constexpr const char* about_wait =
    "One or more of them; all have to be true at once. `function` is JavaScript whose value has to be true.";

Schema target(std::initializer_list<Field> more) {
  std::vector<Field> fields{tab_field(), ref_field(), selector_field(), timeout_field(), show_field()};
  fields.insert(fields.end(), more.begin(), more.end());
  Json properties = Json::object(), required = Json::array();
  for (const auto& one : fields) {
    properties[one.name] = one.schema.json();
    if (one.required) required.push_back(one.name);
  }
  Schema all = object().set("properties", std::move(properties));
  if (!required.empty()) all.set("required", std::move(required));
  return all;
}

template <class Operation>
Operation& words(Operation& operation, const char* summary, const char* about, const Schema& input) {
  return operation.summary(summary).description(about).input(input).concurrent();
}

}  // namespace

void Plugin::declare(Declaration& d) {
  d.plugin("browser", "1.0.0", "Chromium, driven: each session has tabs and cookies of its own");
  for (const char* id : {BERTH_PROCESS, BERTH_EVENTS}) d.service(id);
  d.needs("file", "/usr/lib/chromium/chromium", "is the browser", "scripts/setup --with browser");
  d.jail(Json{{"nests", true}, {"allow", {"*"}}, {"memory", 4'000'000'000}});
  d.config(object(
      {berth::optional("program",
                       berth::string().min_length(1).otherwise("/usr/lib/chromium/chromium").describe("The browser")),
       berth::optional("arguments",
                       array(berth::string().max_length(1000)).max_items(100).describe("Further ones of its own")),
       berth::optional("locale", berth::string().pattern("^[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*$").otherwise("en-US")),
       berth::optional(
           "time_zone",
           berth::string().pattern("^[A-Za-z0-9_+/-]{1,64}$").describe("Europe/Lisbon; the host's, if not given")),
       berth::optional("width", integer().minimum(200).maximum(8000).otherwise(1920)),
       berth::optional("height", integer().minimum(200).maximum(8000).otherwise(1080)),
       berth::optional("tabs", integer().minimum(1).maximum(500).otherwise(20).describe("That one session may have")),
       berth::optional("allow_no_sandbox",
                       boolean().otherwise(false).describe(
                           "Whether it may run without its own sandbox where that cannot be had"))}));
  declare_tabs(d);
  declare_looks(d);
  declare_hands(d);
  declare_keys(d);
  declare_page(d);
  declare_state(d);
  declare_cdp(d);
}

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
}

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
  words(screenshot, "A picture of the page, or of an element", "The window's part of it, unless `full` says otherwise.",
        object({tab_field(), ref_field(), selector_field(), timeout_field(),
                berth::optional("type", berth::string().one_of({"png", "jpeg"}).otherwise("png")),
                berth::optional("quality", integer().minimum(1).maximum(100).otherwise(80).describe("Of jpeg")),
                berth::optional("full", boolean().otherwise(false).describe("The whole page"))}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::screenshot); });
  auto pdf = d.download("pdf", "/browser/pdf");
  words(pdf, "The page as PDF", "As it prints: with the page's own @page rules, unless `paper` is given.",
        object({tab_field(), timeout_field(),
                berth::optional("paper", berth::string().one_of({"A3", "A4", "A5", "letter", "legal"})),
                berth::optional("landscape", boolean().otherwise(false)),
                berth::optional("background", boolean().otherwise(true).describe("Colours and pictures behind texts")),
                berth::optional("scale", number().minimum(0.1).maximum(2).otherwise(1)),
                berth::optional("margin", number().minimum(0).maximum(100).describe("Millimetres, on all sides")),
                berth::optional("pages",
                                berth::string().pattern("^[0-9, -]{1,200}$").describe("1-3, 5; all, if not given")),
                berth::optional("header", berth::string().max_length(10'000).describe(
                                              "HTML; class=pageNumber and its like are filled in")),
                berth::optional("footer", berth::string().max_length(10'000)),
                berth::optional("outline", boolean().otherwise(true).describe("Bookmarks of its headings"))}))
      .read_only()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::pdf); });
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

void Plugin::declare_hands(Declaration& d) {
  const auto action = [](Operation<Plugin> one, const char* summary, const Schema& input, Step step) {
    words(one, summary, about_actions, input)
        .output(answers::outcome())
        .open_world()
        .handle([step](Plugin& self, const Call& call) { self.run(call, step); });
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
        .handle([step](Plugin& self, const Call& call) { self.run(call, step); });
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
  auto dialogs = d.post("dialogs", "/browser/dialogs");
  words(dialogs, "Says how the page's dialogs are answered",
        "From now on, in this tab. Unless told otherwise alerts are accepted, questions dismissed. What was asked, and "
        "how it "
        "was answered, is in the answer of the action that led to it.",
        object({tab_field(), field("accept", boolean()),
                berth::optional("text", berth::string().max_length(10'000).describe("For prompts"))}))
      .output(answers::outcome())
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::dialogs); });
}

void Plugin::declare_state(Declaration& d) {
  const auto cookies = object({field("cookies", array(anything()))});
  d.get("cookies", "/browser/cookies")
      .summary("The session's cookies")
      .output(cookies)
      .read_only()
      .concurrent()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::cookies); });
  d.post("set_cookies", "/browser/cookies")
      .summary("Sets cookies")
      .description("Each with `name`, `value` and `url` or `domain`; as GET gives them, they can be given back.")
      .input(object({field("cookies", array(anything()).max_items(3000))}))
      .output(cookies)
      .concurrent()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::set_cookies); });
  d.del("clear_cookies", "/browser/cookies")
      .summary("Takes all cookies of the session away")
      .output(cookies)
      .concurrent()
      .destructive()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::clear_cookies); });
  const auto or_null = Schema(Json{{"type", Json::array({"string", "null"})}});
  d.get("status", "/browser/status")
      .summary("How the browser is")
      .output(object(
          {field("browser",
                 object({field("state", berth::string().one_of({"down", "starting", "up"})), field("version", or_null),
                         field("sandbox", boolean()), field("starts", integer()), field("sessions", integer()),
                         field("tabs", integer()), field("clients", integer()), field("last_end", or_null)}))}))
      .read_only()
      .concurrent()
      .in_status({"browser"})
      .handle(&Plugin::status);
}

}  // namespace browser

BERTH_PLUGIN(browser::Plugin);

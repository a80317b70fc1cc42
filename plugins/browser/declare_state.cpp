// What a session has in the browser, and how the browser is.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

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
  const auto path = berth::string().min_length(1).max_length(1000);
  auto save = d.post("save_state", "/browser/state/save");
  words(save, "Saves cookies and localStorage: whatever makes somebody logged in",
        "In the form that Playwright's storageState has. With `path` into that file of the workspace, else in the "
        "answer.",
        object({berth::optional("path", Schema(path).describe("In output/ or deploy/").example("output/login.json")),
                timeout_field()}))
      .output(object({field("cookies", integer()), field("origins", integer()),
                      berth::optional("state", Schema(Json{{"type", "object"}}).describe("Without `path`")),
                      berth::optional("path", berth::string().describe("Where it is now"))}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::save_state); });
  auto load = d.post("load_state", "/browser/state/load");
  words(load, "Puts saved cookies and localStorage back", "Beside what is there, or, with `fresh`, in its place.",
        object({berth::optional("path", Schema(path).describe("Of the workspace")),
                berth::optional("state", Schema(Json{{"type", "object"}}).describe("Instead of a file")),
                berth::optional("fresh", boolean().otherwise(false)), timeout_field()}))
      .output(object({field("cookies", integer()), field("origins", integer())}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::load_state); });
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

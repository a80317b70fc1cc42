// What pages take their surroundings for, and what they may.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

void Plugin::declare_surroundings(Declaration& d) {
  const auto any = Schema(Json{{"type", "object"}});
  const auto origin = berth::string().max_length(300).describe("https://books.example");
  auto devices = berth::string().describe("A size, a pixel ratio, touch, and a user agent that fit together");
  devices.set("enum", device_names());
  const auto language = berth::string().pattern("^[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*$");
  auto emulate = d.post("emulate", "/browser/emulate");
  words(emulate, "What the session's pages take their surroundings for",
        "Beside what was said before, or, with `reset`, instead of it. For all tabs, and over a restart of the "
        "browser. Header "
        "fields, client hints and what scripts see agree with each other.",
        object({berth::optional("device", devices),
                berth::optional("width", integer().minimum(100).maximum(8000)),
                berth::optional("height", integer().minimum(100).maximum(8000)),
                berth::optional("scale", number().minimum(0.5).maximum(5).describe("Pixels to one of CSS")),
                berth::optional("mobile", boolean()),
                berth::optional("touch", boolean()),
                berth::optional("user_agent", berth::string().min_length(1).max_length(500)),
                berth::optional("locale", Schema(language).example("de-DE")),
                berth::optional("time_zone", berth::string().max_length(64).example("Europe/Lisbon")),
                berth::optional("offline", boolean()),
                berth::optional("latency", number().minimum(0).maximum(60'000).describe("Milliseconds")),
                berth::optional("download", number().minimum(-1).describe("Bytes a second; -1: no limit")),
                berth::optional("upload", number().minimum(-1)),
                berth::optional("latitude", number().minimum(-90).maximum(90)),
                berth::optional("longitude", number().minimum(-180).maximum(180)),
                berth::optional("accuracy", number().minimum(0).maximum(1e7)),
                berth::optional("colour_scheme", berth::string().one_of({"light", "dark"})),
                berth::optional("reduced_motion", boolean()),
                berth::optional("media", berth::string().one_of({"screen", "print"})),
                berth::optional("cpu", number().minimum(1).maximum(50).describe("So many times slower")),
                berth::optional("reset", boolean().otherwise(false)),
                timeout_field()}))
      .output(object({field("emulated", any)}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::emulate); });
  const auto names = array(berth::string().one_of(
      {"geolocation", "notifications", "clipboard", "camera", "microphone", "midi", "sensors", "storage"}));
  auto permissions = d.post("permissions", "/browser/permissions");
  words(permissions, "What the session's pages may",
        "`grant` is all that the origin may from now on; without an origin: all that have none of their own.",
        object({berth::optional("origin", origin), berth::optional("grant", names),
                berth::optional("reset", boolean().otherwise(false)), timeout_field()}))
      .output(object({field("permissions", any)}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::permissions); });
  auto login = d.post("login", "/browser/login");
  words(login, "Who the session is for sites that ask by HTTP (401)", "Without `user` it is forgotten.",
        object({field("origin", origin), berth::optional("user", berth::string().max_length(1000)),
                berth::optional("password", berth::string().max_length(1000)), timeout_field()}))
      .output(object({field("origins", array(berth::string()))}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::login); });
  auto scripts = d.post("scripts", "/browser/scripts");
  words(
      scripts, "JavaScript that runs in each page before its own", "In all tabs, from their next page on.",
      object({berth::optional("source", berth::string().min_length(1).max_length(200'000)),
              berth::optional("reset", boolean().otherwise(false).describe("Without those before")), timeout_field()}))
      .output(object({field("scripts", integer())}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::scripts); });
}

}  // namespace browser

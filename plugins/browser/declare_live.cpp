// For a human who looks on, and takes over.
#include "declare.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;
using namespace answers;

void Plugin::declare_live(Declaration& d) {
  auto cast = d.stream("screencast", "/browser/screencast");
  words(cast, "What a tab's page looks like, live",
        "Events `frame`: {jpeg (base64), width, height, scroll_x, scroll_y}. A client that is slow misses pictures. "
        "The first "
        "viewer says how large and how often.",
        object({tab_field(),
                berth::optional("rate", number().minimum(0.1).maximum(30).otherwise(10).describe("A second, at most")),
                berth::optional("quality", integer().minimum(1).maximum(100).otherwise(60)),
                berth::optional("width", integer().minimum(100).maximum(4000).otherwise(1280)),
                berth::optional("height", integer().minimum(100).maximum(4000).otherwise(800))}))
      .read_only()
      .handle(&Plugin::screencast);
  const auto key = berth::string().max_length(100).describe("As browser.take_over gave it");
  auto take = d.post("take_over", "/browser/takeover");
  words(take, "A human takes the browser over",
        "What the agent asks of it waits until they give it back, or have been silent for `seconds`.",
        object({berth::optional("seconds", integer().minimum(1).maximum(3600).otherwise(60)),
                berth::optional("key", Schema(key).describe("To go on with one that is theirs already")),
                timeout_field()}))
      .output(object({field("key", berth::string()), field("seconds", integer())}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::take_over); });
  const auto event =
      object({field("kind", berth::string().one_of({"click", "move", "down", "up", "wheel", "key", "text", "navigate",
                                                    "back", "forward"})),
              berth::optional("x", number()), berth::optional("y", number()),
              berth::optional("button", berth::string().one_of({"left", "right", "middle"})),
              berth::optional("double", boolean()), berth::optional("dx", number()), berth::optional("dy", number()),
              berth::optional("keys", berth::string().max_length(100).describe("As browser.press has them")),
              berth::optional("text", berth::string().max_length(100'000)),
              berth::optional("url", berth::string().max_length(2'000'000))});
  auto steer = d.post("steer", "/browser/takeover/steer");
  words(
      steer, "What the human does with mouse and keys", "No events: they are still there.",
      object({tab_field(), timeout_field(), field("key", key), berth::optional("events", array(event).max_items(200))}))
      .output(answers::outcome())
      .open_world()
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::steer); });
  auto give = d.post("give_back", "/browser/takeover/end");
  words(give, "The human gives the browser back", "", object({field("key", key), timeout_field()}))
      .output(object({field("given_back", boolean())}))
      .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::give_back); });
}

}  // namespace browser

// The doors of the multiplexer: the plugin's own, and those where clients of a browser's debugger look by themselves.
#include "mux.hpp"
#include "plugin.hpp"

namespace browser {

using namespace berth;

namespace {

constexpr const char* about_cdp =
    "The DevTools protocol, for Playwright (`connectOverCDP`) and Puppeteer (`browserWSEndpoint`). A client sees the "
    "session's own context as the browser's default one, and contexts that it makes, which end with it. Files of the "
    "host, other sessions and the browser's end are out of its reach.";
constexpr const char* about_found = "What a client asks first: where the WebSocket is, for the session it asks in.";

std::string socket_of(const Call& call) {
  std::string origin(call.http().field("berth-origin"));
  origin.replace(0, origin.rfind("https", 0) == 0 ? 5 : 4, origin.rfind("https", 0) == 0 ? "wss" : "ws");
  if (origin.size() < 5) origin = "ws://localhost";  // by a Unix socket
  return origin + "/sessions/" + call.session();
}

void say(const Call& call, const Json& what) {
  Head head;
  head.type = "application/json; charset=utf-8";
  call.answer(head, json_text(what));
}

}  // namespace

void Plugin::declare_cdp(Declaration& d) {
  d.socket("cdp", "/browser/cdp")
      .summary("The browser, for clients of the DevTools protocol")
      .description(about_cdp)
      .open_world()
      .handle([](Plugin& self, Call call) { self.m_mux->join(call, {}); });
  d.socket("devtools", "/devtools/{kind}/{id}")
      .summary("The browser, or one of its pages, where clients of a debugger look for it")
      .description(about_cdp)
      .input(object({field("kind", berth::string().one_of({"browser", "page"}).describe("Which of them")),
                     field("id", berth::string().max_length(200).describe("A page's, as /json/list tells it; "
                                                                          "of the browser, anything"))}))
      .open_world()
      .handle([](Plugin& self, Call call) {
        const bool page = call.input().at("kind") == "page";
        self.m_mux->join(call, page ? call.input().at("id").get<std::string>() : std::string());
      });
  const std::pair<const char*, const char*> places[] = {{"cdp_json", "/browser/cdp/json/{what}"},
                                                        {"json", "/json/{what}"}};
  for (const auto& [name, path] : places)
    d.http(name, path, {"GET"})
        .summary("What the multiplexer is, or the session's pages")
        .description(about_found)
        .input(object({field("what", berth::string().one_of({"version", "list"}).describe("Which of them"))}))
        .scope(berth::read)
        .headers({"berth-origin"})
        .read_only()
        .concurrent()
        .handle([](Plugin& self, const Call& call) { self.run(call, &Plugin::found); });
}

Task<Json> Plugin::found(Turn& turn) {
  const std::string base = socket_of(turn.call);
  if (turn.input().at("what") == "list") {
    Json all = Json::array();
    for (const Json& page : m_mux->pages_of(*turn.seat)) {
      const std::string id = text_of(page, "targetId");
      all.push_back(with("id", id, "type", "page", "title", text_of(page, "title"), "url", text_of(page, "url"),
                         "webSocketDebuggerUrl", base + "/devtools/page/" + id));
    }
    say(turn.call, all);
    co_return Json();
  }
  const Json nothing = with();
  const Json version = co_await Ask(m_browser->cdp(), turn.patience, the_browser, "Browser.getVersion", nothing);
  Json all = with("Browser", text_of(version, "product"), "Protocol-Version", text_of(version, "protocolVersion"),
                  "User-Agent", text_of(version, "userAgent"), "V8-Version", text_of(version, "jsVersion"));
  all["webSocketDebuggerUrl"] = base + "/browser/cdp";
  say(turn.call, all);
  co_return Json();
}

}  // namespace browser

// What is asked in the page is asked again until it is good or time is up, and the last reason is what the caller
// reads.
#include "element.hpp"

#include <berth/output.hpp>

#include "scripts.hpp"

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 30ms;
constexpr Point nowhere{};

Json value_of(const Json& answer) {
  if (const Json& details = part(answer, "exceptionDetails"); !details.is_null()) {
    std::string words = text_of(part(details, "exception"), "description");
    words = words.substr(0, words.find("\n    at "));
    throw berth::Error(422, "script_failed", words.empty() ? text_of(details, "text") : berth::clean(words));
  }
  return part(part(answer, "result"), "value");
}

Task<std::string> nearest(Patience& patience, std::shared_ptr<Tab> tab, std::string selector) {
  std::string words;
  const Json found = co_await tab->evaluate(
      patience, std::string(scripts::near) + "(" + berth::json_text(Json(std::move(selector))) + ")");
  const Json& names = part(found, "value");
  if (names.is_array())
    for (const Json& one : names)
      if (one.is_string()) words += (words.empty() ? "" : ", ") + one.get<std::string>();
  co_return words;
}

Task<Element> find_selector(Patience& patience, std::shared_ptr<Tab> tab, std::string selector) {
  std::string nearby;
  const At at(patience, [&selector, &nearby] {
    return "there is no element " + selector + (nearby.empty() ? "" : "; like it are: " + nearby);
  });
  const std::string expression = std::string(scripts::query) + "(" + berth::json_text(Json(selector)) + ")";
  for (bool first = true;; first = false) {
    Json params = with("expression", expression, "objectGroup", "berth");
    Json answer;
    bool leaving = false;
    try {
      answer = co_await tab->ask(patience, "Runtime.evaluate", std::move(params));
    } catch (const berth::Error& error) {
      if (!(leaving = is_leaving(error))) throw;
    }
    value_of(answer);  // a selector that is none
    const std::string object = text_of(part(answer, "result"), "objectId");
    if (!object.empty()) co_return Element(tab->names().session, object, selector);
    if (!first || leaving) {
      co_await Pause(patience, look_again);
      continue;
    }
    try {
      nearby = co_await nearest(patience, tab, selector);
    } catch (const berth::Error& error) {
      if (error.code() != "script_failed") throw;  // a page that has changed what arrays do
    }
    co_await Pause(patience, look_again);
  }
}

Task<Element> find_ref(Patience& patience, std::shared_ptr<Tab> tab, std::string ref) {
  const berth::Error stale(404, "stale_ref", "the page has no element " + ref + " (any more)",
                           "take a new browser.snapshot: refs are of one page, as long as it is there");
  const auto node = tab->refs().find(ref);
  if (!node) throw berth::Error(stale);
  Json params = with("backendNodeId", node->node, "objectGroup", "berth");
  bool gone = false;
  Json answer;
  try {
    answer = co_await Ask(tab->cdp(), patience, node->session, "DOM.resolveNode", params);
  } catch (const berth::Error& error) {
    if (error.code() != "browser_refused") throw;
    gone = true;
  }
  const std::string object = text_of(part(answer, "object"), "objectId");
  if (gone || object.empty()) throw berth::Error(stale);
  co_return Element(node->session, object, ref);
}

// Where a frame that has a process of its own begins, in its page's window.
Task<Point> frame_at(Patience& patience, std::shared_ptr<Tab> tab, std::string session) {
  std::string frame;
  for (const auto& [id, its] : tab->frames())
    if (its == session) frame = id;
  if (frame.empty()) co_return nowhere;
  Json which = with("frameId", frame);
  const Json owner = co_await tab->ask(patience, "DOM.getFrameOwner", std::move(which));
  Json node = with("backendNodeId", part(owner, "backendNodeId"));
  const Json box = co_await tab->ask(patience, "DOM.getBoxModel", std::move(node));
  const Json& content = part(part(box, "model"), "content");
  if (!content.is_array() || content.size() < 2) co_return nowhere;
  const Point at{content[0].get<double>(), content[1].get<double>()};
  co_return at;
}

// Of an element inside of a frame: where the page's window has it.
Task<Point> seen_at(Patience& patience, std::shared_ptr<Tab> tab, Element element) {
  Json which = with("objectId", element.object);
  const Json answer = co_await Ask(tab->cdp(), patience, element.session, "DOM.getContentQuads", which);
  const Json& quads = part(answer, "quads");
  if (!quads.is_array() || quads.empty() || !quads[0].is_array() || quads[0].size() < 8)
    throw berth::Error(409, "not_shown", element.words + " is not shown");
  Point point;
  for (std::size_t i = 0; i < 8; i += 2) {
    point.x += quads[0][i].get<double>() / 4;
    point.y += quads[0][i + 1].get<double>() / 4;
  }
  if (element.session == tab->names().session) co_return point;
  const Point frame = co_await frame_at(patience, tab, element.session);
  const Point both{point.x + frame.x, point.y + frame.y};
  co_return both;
}

}  // namespace

Task<Json> world_of(Patience& patience, std::shared_ptr<Tab> tab) {
  Json params = with("frameId", tab->names().target, "worldName", "berth");
  const Json made = co_await tab->ask(patience, "Page.createIsolatedWorld", std::move(params));
  co_return part(made, "executionContextId");
}

Task<Element> find(Patience& patience, std::shared_ptr<Tab> tab, Meant meant) {
  if (!meant.ref.empty()) co_return co_await find_ref(patience, tab, meant.ref);
  co_return co_await find_selector(patience, tab, meant.selector);
}

Task<Json> call(Patience& patience, std::shared_ptr<Tab> tab, Element element, const char* function, Json arguments) {
  Json given = Json::array();
  for (Json& one : arguments) given.push_back(with("value", std::move(one)));
  Json params = with("objectId", element.object, "functionDeclaration", function, "arguments", std::move(given),
                     "returnByValue", true, "awaitPromise", true, "userGesture", true);
  const Json answer = co_await Ask(tab->cdp(), patience, element.session, "Runtime.callFunctionOn", params);
  co_return value_of(answer);
}

Task<Point> ready(Patience& patience, std::shared_ptr<Tab> tab, Element element, bool writable, bool hit) {
  std::string why;
  const At at(patience, [&why, words = element.words] { return words + " cannot be used: " + why; });
  for (;;) {
    Json wanted = Json::array();
    wanted.push_back(writable);
    wanted.push_back(hit);
    const Json found = co_await call(patience, tab, element, scripts::ready, std::move(wanted));
    why = text_of(found, "why");
    if (why.empty()) {
      if (part(found, "inner") == true) co_return co_await seen_at(patience, tab, element);
      const Point point{number_of(part(found, "point"), "x"), number_of(part(found, "point"), "y")};
      co_return point;
    }
    if (part(found, "gone") == true) throw berth::Error(409, "not_usable", element.words + " cannot be used: " + why);
    co_await Pause(patience, look_again);
  }
}

}  // namespace browser

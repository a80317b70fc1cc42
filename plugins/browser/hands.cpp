// The mouse moves first: what covers an element only when it is hovered is seen before the button goes down. Events are
// sent together, and only the last is waited for.
#include "hands.hpp"

#include <cmath>

#include "keys.hpp"
#include "scripts.hpp"

namespace browser {

namespace {

Json mouse(const char* type, Point at, const Click& how, int count) {
  Json event = with("type", type, "x", at.x, "y", at.y, "modifiers", how.held);
  if (count > 0) {
    event["button"] = how.button;
    event["clickCount"] = count;
    event["buttons"] = how.button == "left" ? 1 : how.button == "right" ? 2 : 4;
  }
  return event;
}

void send(Tab& tab, const char* method, const Json& event) { tab.cdp().send(tab.names().session, method, event); }

Task<void> last(Patience& patience, std::shared_ptr<Tab> tab, const char* method, Json event) {
  co_await tab->ask(patience, method, std::move(event));
}

Task<void> keys(Patience& patience, std::shared_ptr<Tab> tab, std::vector<Json> events) {
  for (std::size_t i = 0; i + 1 < events.size(); ++i) send(*tab, "Input.dispatchKeyEvent", events[i]);
  if (!events.empty()) co_await last(patience, tab, "Input.dispatchKeyEvent", std::move(events.back()));
}

Task<void> focus(Patience& patience, std::shared_ptr<Tab> tab, Meant meant) {
  if (meant.words().empty()) co_return;
  const Element element = co_await find(patience, tab, meant);
  co_await ready(patience, tab, element, false, false);
  co_await call(patience, tab, element, scripts::focus);
}

}  // namespace

Task<void> click_at(Patience& patience, std::shared_ptr<Tab> tab, Point point, Click how) {
  send(*tab, "Input.dispatchMouseEvent", mouse("mouseMoved", point, how, 0));
  for (int i = 1; i <= how.count; ++i) {
    send(*tab, "Input.dispatchMouseEvent", mouse("mousePressed", point, how, i));
    Json up = mouse("mouseReleased", point, how, i);
    if (i < how.count)
      send(*tab, "Input.dispatchMouseEvent", up);
    else
      co_await last(patience, tab, "Input.dispatchMouseEvent", std::move(up));
  }
}

Task<void> click(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, Click how) {
  const Element element = co_await find(patience, tab, meant);
  Point point = co_await ready(patience, tab, element, false, true);
  const At at(patience, [&meant] { return meant.words() + " is moving"; });
  // What moved meanwhile is looked for again, as long as there is patience.
  for (;;) {
    const Point again = co_await ready(patience, tab, element, false, true);
    const bool still = std::abs(again.x - point.x) < 1 && std::abs(again.y - point.y) < 1;
    point = again;
    if (still) break;
  }
  co_await click_at(patience, tab, point, how);
}

Task<void> hover(Patience& patience, std::shared_ptr<Tab> tab, Meant meant) {
  const Element element = co_await find(patience, tab, meant);
  const Point point = co_await ready(patience, tab, element, false, true);
  const Click plain;
  Json moved = mouse("mouseMoved", point, plain, 0);
  co_await last(patience, tab, "Input.dispatchMouseEvent", std::move(moved));
}

Task<void> drag(Patience& patience, std::shared_ptr<Tab> tab, Meant from, Meant to) {
  const Element first = co_await find(patience, tab, from);
  const Element second = co_await find(patience, tab, to);
  const Point begin = co_await ready(patience, tab, first, false, true);
  const Click how;
  co_await last(patience, tab, "Input.dispatchMouseEvent", mouse("mouseMoved", begin, how, 0));
  co_await last(patience, tab, "Input.dispatchMouseEvent", mouse("mousePressed", begin, how, 1));
  const Point end = co_await ready(patience, tab, second, false, false);
  for (int i = 1; i <= 5; ++i) {
    const Point on{begin.x + (end.x - begin.x) * i / 5, begin.y + (end.y - begin.y) * i / 5};
    Json moved = mouse("mouseMoved", on, how, 1);
    co_await last(patience, tab, "Input.dispatchMouseEvent", std::move(moved));
  }
  co_await last(patience, tab, "Input.dispatchMouseEvent", mouse("mouseReleased", end, how, 1));
}

Task<void> fill(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, std::string text) {
  const Element element = co_await find(patience, tab, meant);
  co_await ready(patience, tab, element, true, false);
  Json given = Json::array();
  given.push_back(text);
  const Json takes = co_await call(patience, tab, element, scripts::begin_fill, std::move(given));
  if (takes != true) co_return;
  if (text.empty()) co_return co_await keys(patience, tab, key_events("Delete"));
  Json params = with("text", std::move(text));
  co_await tab->ask(patience, "Input.insertText", std::move(params));
}

Task<void> type(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, std::string text) {
  co_await focus(patience, tab, meant);
  for (const auto& one : characters_of(text)) co_await keys(patience, tab, typed(one));
}

Task<void> press(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, std::string combination) {
  auto events = key_events(combination);
  co_await focus(patience, tab, meant);
  co_await keys(patience, tab, std::move(events));
}

Task<Json> choose(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, Json values) {
  const Element element = co_await find(patience, tab, meant);
  co_await ready(patience, tab, element, false, false);
  Json given = Json::array();
  given.push_back(std::move(values));
  co_return co_await call(patience, tab, element, scripts::choose, std::move(given));
}

Task<void> check(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, bool wanted) {
  const Element element = co_await find(patience, tab, meant);
  const Json before = co_await call(patience, tab, element, scripts::is_checked);
  if (before == wanted) co_return;
  const Click plain;
  co_await click(patience, tab, meant, plain);
  const Json now = co_await call(patience, tab, element, scripts::is_checked);
  if (now != wanted) throw berth::Error(409, "not_checked", meant.words() + " did not change when it was clicked");
}

Task<Json> scroll(Patience& patience, std::shared_ptr<Tab> tab, Meant meant, double x, double y) {
  if (meant.words().empty()) {
    const std::string by = berth::json_text(Json(x)) + ", top: " + berth::json_text(Json(y));
    const Json done = co_await tab->evaluate(patience, "scrollBy({left: " + by +
                                                           ", behavior: 'instant'}), ({x: scrollX, y: scrollY, height: "
                                                           "document.documentElement.scrollHeight})");
    co_return part(done, "value");
  }
  const Element element = co_await find(patience, tab, meant);
  Json given = Json::array();
  given.push_back(x);
  given.push_back(y);
  co_return co_await call(patience, tab, element, scripts::scroll_element, std::move(given));
}

}  // namespace browser

// A human looks on, and takes the browser over for a while: what the agent asks for waits meanwhile. Whoever does not
// move for the time that was agreed has left.
#include <utility>

#include "hands.hpp"
#include "plugin.hpp"
#include "screencast.hpp"
#include "words.hpp"

namespace browser {

using berth::Call;
using berth::Error;

namespace {

using namespace std::chrono_literals;

Click click_with(const Json& event) {
  Click how;
  how.button = event.value("button", "left");
  how.count = event.value("double", false) ? 2 : 1;
  return how;
}

Json mouse_event(const char* type, const Json& event) {
  const std::string button = event.value("button", type == std::string_view("mouseMoved") ? "none" : "left");
  return with("type", type, "x", event.value("x", 0.0), "y", event.value("y", 0.0), "button", button, "clickCount",
              type == std::string_view("mouseMoved") ? 0 : 1, "deltaX", event.value("dx", 0.0), "deltaY",
              event.value("dy", 0.0));
}

}  // namespace

void Plugin::check_key(const Turn& turn) const {
  const auto& steering = turn.seat->steering;
  if (!steering.held())
    throw Error(409, "not_taken", "nobody has taken the browser over, or not any more", "browser.take_over begins it");
  if (turn.input().at("key") != steering.key) throw Error(403, "wrong_key", "somebody else has taken the browser over");
}

Task<Json> Plugin::take_over(Turn& turn) {
  auto& steering = turn.seat->steering;
  const Json& input = turn.input();
  if (steering.held() && input.value("key", "") != steering.key)
    throw Error(409, "taken", "somebody has taken the browser over already",
                "it is free again once they have given it back, or are silent");
  if (!steering.held()) {
    steering.key = random_hex(16);
    m_events.publish("browser.taken_over", with("by", turn.call.caller()), turn.call.session());
  }
  steering.time = std::chrono::seconds(input.value("seconds", 60));
  steering.renew();
  co_return with("key", steering.key, "seconds", input.value("seconds", 60));
}

Task<Json> Plugin::give_back(Turn& turn) {
  check_key(turn);
  turn.seat->steering.key.clear();
  m_events.publish("browser.given_back", with("by", turn.call.caller()), turn.call.session());
  turn.seat->share->changed.tell();
  co_return with("given_back", true);
}

Task<void> Plugin::steer_once(Turn& turn, std::shared_ptr<Tab> tab, Json event) {
  const std::string kind = event.value("kind", "");
  const Meant nothing;
  if (kind == "click") {
    const Point point{event.value("x", 0.0), event.value("y", 0.0)};
    co_await click_at(turn.patience, tab, point, click_with(event));
  } else if (kind == "move" || kind == "down" || kind == "up" || kind == "wheel") {
    const char* type = kind == "move"   ? "mouseMoved"
                       : kind == "down" ? "mousePressed"
                       : kind == "up"   ? "mouseReleased"
                                        : "mouseWheel";
    co_await tab->ask(turn.patience, "Input.dispatchMouseEvent", mouse_event(type, event));
  } else if (kind == "key") {
    co_await browser::press(turn.patience, tab, nothing, event.value("keys", ""));
  } else if (kind == "text") {
    Json params = with("text", event.value("text", ""));
    co_await tab->ask(turn.patience, "Input.insertText", std::move(params));
  } else if (kind == "navigate") {
    const std::string url = event.value("url", "");
    check_url(url);
    co_await tab->go(turn.patience, url, "commit");
  } else if (kind == "back" || kind == "forward") {
    co_await tab->step(turn.patience, kind == "back" ? -1 : 1, "commit");
  }
}

Task<Json> Plugin::steer(Turn& turn) {
  check_key(turn);
  turn.seat->steering.renew();
  const auto tab = co_await this->tab(turn);
  const Json events = turn.input().value("events", Json::array());
  for (const Json& one : events) co_await steer_once(turn, tab, one);
  if (turn.seat->steering.held()) turn.seat->steering.renew();
  co_return co_await outcome(turn, tab);
}

// Only what the human asks for goes on.
Task<void> Plugin::its_turn(Turn& turn, Step step) {
  if (step == &Plugin::take_over || step == &Plugin::steer || step == &Plugin::give_back) co_return;
  const At at(turn.patience, [] { return "a human has taken the browser over; go on when they have given it back"; });
  const auto share = turn.seat->share;
  while (share->steering.held()) {
    const auto left = share->steering.until - Patience::Clock::now();
    loop::Timer silence(turn.patience.loop());
    silence.set(std::chrono::ceil<std::chrono::milliseconds>(left), [share] { share->changed.tell(); });
    co_await Signal::Next(share->changed, turn.patience);
    share->check();
  }
}

void Plugin::screencast(Call call) {
  m_loop.post([this, call] { cast(call); });
}

Errand Plugin::cast(Call call) {
  const auto viewer = std::make_shared<Viewer>(call);
  const auto patience = std::make_shared<Patience>(m_patients, 30s);
  const std::string wanted = call.input().value("tab", "");
  try {
    const auto seat = co_await m_browser->seat(*patience, call.session(), wanted);
    const auto tab = co_await m_browser->tab(*patience, seat, wanted);
    const std::weak_ptr<Tab> weak = tab;
    tab->screencast(m_loop).add(viewer, call.input());
    call.on_drained([this, viewer] { m_loop.post([viewer] { viewer->full = false; }); });
    call.on_cancel([this, viewer, weak] {
      m_loop.post([this, viewer, weak] {
        if (const auto left = weak.lock()) left->screencast(m_loop).remove(viewer);
      });
    });
  } catch (const Error& error) {
    call.fail(error);
  }
}

}  // namespace browser

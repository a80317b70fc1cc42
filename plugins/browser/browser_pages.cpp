// Pages of the plugin's own, and what is put into a session's storage with one.
#include <berth/base64.hpp>
#include <berth/output.hpp>
#include <algorithm>
#include <utility>

#include "browser.hpp"
#include "page.hpp"

namespace browser {

namespace {

constexpr const char* put_items = R"js((items => {
  if (items.length === 0) localStorage.clear();
  for (const [name, value] of items) localStorage.setItem(name, value);
  return location.origin;
}))js";

}  // namespace

Json fulfilled(const Json& paused, int status, const std::string& type, const std::string& body) {
  Json fields = Json::array();
  fields.push_back(with("name", "Content-Type", "value", type));
  return with("requestId", part(paused, "requestId"), "responseCode", status, "responseHeaders", std::move(fields),
              "body", berth::base64(body));
}

Task<Json> Page::evaluate(Patience& patience, std::string expression) {
  Json params = with("expression", std::move(expression), "returnByValue", true, "awaitPromise", true);
  const Json answer = co_await Ask(*m_cdp, patience, m_session, "Runtime.evaluate", params);
  if (const Json& details = part(answer, "exceptionDetails"); !details.is_null()) {
    const std::string words = text_of(part(details, "exception"), "description");
    throw berth::Error(422, "script_failed", berth::clean(words.substr(0, 500)));
  }
  co_return part(part(answer, "result"), "value");
}

// Which of the new targets it is, is known only when the browser has answered: until then none is taken for a tab.
struct Browser::Undecided {
  Undecided(Browser& of, std::shared_ptr<Seat> in) : browser(of), seat(std::move(in)) { ++seat->making_pages; }
  Undecided(const Undecided&) = delete;
  ~Undecided() {
    if (--seat->making_pages > 0) return;
    const auto waiting = std::exchange(seat->undecided, {});
    if (!*alive || browser.m_state != State::up) return;
    for (const auto& info : waiting) browser.created(info);
  }
  Browser& browser;
  const std::shared_ptr<Seat> seat;
  const std::shared_ptr<bool> alive = browser.m_alive;
};

Task<std::shared_ptr<Page>> Browser::page(Patience& patience, std::shared_ptr<Seat> seat) {
  std::string target;
  cdp();  // throws if there is none
  const auto of = m_chromium->cdp();
  {
    const Undecided undecided(*this, seat);
    Json params = with("url", "about:blank", "browserContextId", seat->context, "background", true);
    const Json made = co_await Ask(*of, patience, the_browser, "Target.createTarget", params);
    target = text_of(made, "targetId");
    m_page_targets.insert(target);
  }
  Json which = with("targetId", target, "flatten", true);
  const Json attached = co_await Ask(*of, patience, the_browser, "Target.attachToTarget", which);
  auto page = std::make_shared<Page>(of, target, text_of(attached, "sessionId"));
  m_pages[page->session()] = page;
  co_await page->ask(patience, "Page.enable", with());
  co_return page;
}

// Each origin is gone to, without its server: what it is asked for is answered here.
Task<void> Browser::put_origins(Patience& patience, std::shared_ptr<Seat> seat, Origins origins) {
  if (origins.empty()) co_return;
  const auto page = co_await this->page(patience, seat);
  page->hear([weak = std::weak_ptr(page)](const std::string& method, const Json& params) {
    const auto self = weak.lock();
    if (self && method == "Fetch.requestPaused")
      self->send("Fetch.fulfillRequest", fulfilled(params, 200, "text/html", "<!doctype html>"));
  });
  co_await page->ask(patience, "Fetch.enable", with());
  for (const auto& [origin, items] : origins.all()) {
    Json where = with("url", origin + "/");
    const Json gone = co_await page->ask(patience, "Page.navigate", std::move(where));
    if (const std::string failed = text_of(gone, "errorText"); !failed.empty())
      throw berth::Error(422, "bad_state", "there is no way to the origin " + origin + ": " + failed);
    Json pairs = Json::array();
    for (const auto& [name, value] : items) {
      Json pair = Json::array();
      pair.push_back(name);
      pair.push_back(value);
      pairs.push_back(std::move(pair));
    }
    const std::string expression = std::string(put_items) + "(" + berth::json_text(pairs) + ")";
    const Json at = co_await page->evaluate(patience, expression);
    if (at != origin) throw berth::Error(422, "bad_state", "the origin " + origin + " is written in another way");
    seat->origins.replace(origin, items);
  }
}

}  // namespace browser

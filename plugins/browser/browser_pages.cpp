// Pages of the plugin's own, and what is put into a session's storage with one.
#include <berth/base64.hpp>
#include <berth/output.hpp>

#include <optional>
#include <utility>

#include "browser.hpp"
#include "page.hpp"

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds page_time = 30s;  // that it may take the browser to make one
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

// Which of the new targets it is, is known only when the browser has answered: until then none is taken for a tab. A
// page of the plugin's own is none, and a tab that comes back has its own id.
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

// A tab that had an id has it again, whatever else comes at the same time: its target is known before it is attached
// to.
Task<std::string> Browser::create(Patience& patience, std::shared_ptr<Seat> seat, std::string id) {
  std::optional<Undecided> undecided;
  if (!id.empty()) undecided.emplace(*this, seat);
  Json params = with("url", "about:blank", "browserContextId", seat->context);
  const Json made = co_await Ask(cdp(), patience, the_browser, "Target.createTarget", params);
  std::string target = text_of(made, "targetId");
  if (!id.empty()) seat->ids[target] = id;
  co_return target;
}

// One that is being made. Whoever wanted it may leave meanwhile: it goes then, once it is there.
struct Browser::NewPage {
  std::shared_ptr<Page> page;
  std::optional<berth::Error> failed;
  bool over = false;
  Signal changed;
};

Task<std::shared_ptr<Page>> Browser::page(Patience& patience, std::shared_ptr<Seat> seat) {
  const auto wanted = std::make_shared<NewPage>();
  make_page(seat, wanted);
  while (!wanted->over) co_await Signal::Next(wanted->changed, patience);
  if (wanted->failed) throw berth::Error(*wanted->failed);
  co_return std::exchange(wanted->page, nullptr);
}

Errand Browser::make_page(std::shared_ptr<Seat> seat, std::shared_ptr<NewPage> wanted) {
  Patience patience(m_ground.patients, page_time);
  try {
    wanted->page = co_await new_page(patience, seat);
  } catch (const berth::Error& error) {
    wanted->failed.emplace(error);
  }
  wanted->over = true;
  wanted->changed.tell();
}

Task<std::shared_ptr<Page>> Browser::new_page(Patience& patience, std::shared_ptr<Seat> seat) {
  cdp();  // throws if there is none
  const auto of = m_chromium->cdp();
  const auto alive = m_alive;
  std::shared_ptr<Page> page;
  {
    const Undecided undecided(*this, seat);
    Json params = with("url", "about:blank", "browserContextId", seat->context, "background", true);
    const Json made = co_await Ask(*of, patience, the_browser, "Target.createTarget", params);
    page = std::make_shared<Page>(of, text_of(made, "targetId"));
    if (*alive) m_page_targets.insert(page->target());
  }
  Json which = with("targetId", page->target(), "flatten", true);
  const Json attached = co_await Ask(*of, patience, the_browser, "Target.attachToTarget", which);
  page->attach(text_of(attached, "sessionId"));
  if (*alive) m_pages[page->session()] = page;
  co_await page->ask(patience, "Page.enable", with());
  co_return page;
}

// Whoever waits for it is told: its session has ended, it has crashed, or the browser has.
void Browser::lose_page(const std::string& session) {
  const auto node = m_pages.extract(session);
  const auto page = node ? node.mapped().lock() : nullptr;
  if (!page) return;
  page->wire()->forget(session, {410, "page_gone", "the page is gone: it has crashed, or its session has ended"});
  page->event("Target.detachedFromTarget", with());
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

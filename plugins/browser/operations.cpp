// Each operation is a step on the loop; what it throws answers its call.
#include <algorithm>
#include <berth/output.hpp>
#include <utility>

#include "plugin.hpp"

namespace browser {

using berth::Call;
using berth::Error;

namespace {

constexpr std::size_t shown_with_an_action = 4000;

Settings settings_of(const Json& config) {
  Settings settings;
  settings.program = config.value("program", settings.program);
  settings.arguments = config.value("arguments", std::vector<std::string>());
  settings.locale = config.value("locale", settings.locale);
  settings.time_zone = config.value("time_zone", "");
  settings.width = config.value("width", settings.width);
  settings.height = config.value("height", settings.height);
  settings.most_tabs = config.value("tabs", settings.most_tabs);
  settings.may_lack_sandbox = config.value("allow_no_sandbox", false);
  return settings;
}

std::chrono::milliseconds time_of(const Json& input) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(input.value("timeout", 30.0) * 1000));
}

std::string wait_of(const Json& input) { return input.value("wait", "load"); }

}  // namespace

Plugin::Plugin(const berth::Context& context)
    : m_log(context.log),
      m_processes(context),
      m_events(context.host),
      m_loop([log = context.log](const char* what) {
        log.error("the browser's thread", {{"what", what}});
      }),
      m_patients(m_loop),
      m_ground{m_loop, m_patients, m_processes, m_log, m_events, settings_of(context.config)},
      m_browser(std::make_unique<Browser>(m_ground)),
      m_mux(std::make_unique<Mux>(m_ground, *m_browser)) {
  m_browser->follow(m_mux.get());
  m_ends = m_events.subscribe("session.expired session.deleted session.broken", [this](const berth::Event& event) {
    m_loop.post([this, session = event.session] { m_browser->forget(session); });
  });
}

// Whoever waits is told first, and has to have had a turn to say it on.
Plugin::~Plugin() {
  if (m_ends != 0) m_events.unsubscribe(m_ends);
  m_loop.wait_for([this] { m_patients.end({503, "plugin_down", "the browser's plugin has ended"}); });
  m_loop.wait_for([] {});
  m_loop.wait_for([this] {
    m_mux->end();
    m_browser.reset();
    m_mux.reset();
  });
  m_loop.end();
}

void Plugin::run(const Call& call, Step step) {
  m_loop.post([this, call, step] { drive(call, step); });
}

Errand Plugin::drive(Call call, Step step) {
  const auto patience = std::make_shared<Patience>(m_patients, time_of(call.input()));
  call.on_cancel([this, weak = std::weak_ptr(patience)] {
    m_loop.post([weak] {
      if (const auto left = weak.lock()) left->end({499, "cancelled", "the client has left"});
    });
  });
  try {
    auto seat = co_await m_browser->seat(*patience, call.session());
    Turn turn{call, *patience, std::move(seat)};
    const Json answer = co_await (this->*step)(turn);
    if (!answer.is_null()) call.send(answer);
    m_browser->note(turn.seat);
  } catch (const Error& error) {
    call.fail(error);
  } catch (const std::exception& error) {
    call.fail({500, "plugin_error", error.what()});
  }
}

void Plugin::status(Call call) {
  m_loop.post([this, call] {
    Json about = m_browser->status();
    about["clients"] = m_mux->clients();
    call.send(with("browser", std::move(about)));
  });
}

Task<std::shared_ptr<Tab>> Plugin::tab(Turn& turn) {
  co_return co_await m_browser->tab(turn.patience, turn.seat, turn.input().value("tab", ""));
}

Task<Json> Plugin::outcome(Turn& turn, std::shared_ptr<Tab> tab) {
  co_await tab->refresh(turn.patience);
  Json all = with("tab", tab->names().id, "url", tab->url(), "title", tab->title());
  if (auto why = std::exchange(turn.seat->restarted, {}); !why.empty()) all["restarted"] = std::move(why);
  const auto dialogs = tab->take_dialogs();
  for (const Said& one : dialogs)
    all["dialogs"].push_back(with("kind", one.kind, "text", one.text, "answer", one.where));
  if (turn.input().value("snapshot", false)) all["snapshot"] = co_await look(turn, tab, 0, shown_with_an_action, true);
  co_return all;
}

Task<Json> Plugin::navigate(Turn& turn) {
  const bool fresh = turn.input().value("new_tab", false);
  std::shared_ptr<Tab> tab;
  if (fresh)
    tab = co_await m_browser->open(turn.patience, turn.seat);
  else
    tab = co_await this->tab(turn);
  const std::string url = turn.input().at("url");
  const auto colon = url.find(':');
  std::string scheme = url.substr(0, colon == url.npos ? 0 : colon);
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](unsigned char c) { return std::tolower(c); });
  if (scheme != "http" && scheme != "https" && scheme != "data" && url != "about:blank")
    throw Error(422, "bad_url", "only http:, https:, data: and about:blank can be gone to",
                colon == url.npos ? "write it whole: https://" + berth::clean(url.substr(0, 100)) : "");
  co_await tab->go(turn.patience, url, wait_of(turn.input()));
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::back(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  co_await tab->step(turn.patience, -1, wait_of(turn.input()));
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::forward(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  co_await tab->step(turn.patience, 1, wait_of(turn.input()));
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::reload(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  co_await tab->reload(turn.patience, wait_of(turn.input()));
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::tabs(Turn& turn) {
  Json all = Json::array();
  const auto each = turn.seat->tabs;
  for (const auto& one : each) co_await one->refresh(turn.patience);
  for (const auto& one : each)
    all.push_back(with("tab", one->names().id, "url", one->url(), "title", one->title(), "active",
                       one == turn.seat->active, "crashed", one->crashed()));
  co_return with("tabs", std::move(all));
}

Task<Json> Plugin::new_tab(Turn& turn) {
  const auto tab = co_await m_browser->open(turn.patience, turn.seat);
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::select_tab(Turn& turn) {
  co_await m_browser->select(turn.patience, turn.seat, turn.input().at("tab"));
  co_return co_await outcome(turn, turn.seat->active);
}

Task<Json> Plugin::close_tab(Turn& turn) {
  const std::string id = turn.input().at("tab");
  co_await m_browser->close(turn.patience, turn.seat, id);
  co_return with("tab", id, "closed", true);
}

Task<Json> Plugin::cookies(Turn& turn) {
  const Json params = with("browserContextId", turn.seat->context);
  const Json found = co_await Ask(m_browser->cdp(), turn.patience, the_browser, "Storage.getCookies", params);
  co_return with("cookies", part(found, "cookies"));
}

Task<Json> Plugin::set_cookies(Turn& turn) {
  Json given = turn.input().at("cookies");
  for (Json& one : given) {
    if (!one.is_object())
      throw Error(422, "invalid_input", "a cookie is an object with name, value, and url or domain");
    for (const char* told : {"size", "session"}) one.erase(told);
  }
  const Json params = with("cookies", std::move(given), "browserContextId", turn.seat->context);
  try {
    co_await Ask(m_browser->cdp(), turn.patience, the_browser, "Storage.setCookies", params);
  } catch (const Error& error) {
    if (error.code() != "browser_refused") throw;
    throw Error(422, "bad_cookie", error.message(), "a cookie has name, value, and url or domain");
  }
  co_return co_await cookies(turn);
}

Task<Json> Plugin::clear_cookies(Turn& turn) {
  const Json params = with("browserContextId", turn.seat->context);
  co_await Ask(m_browser->cdp(), turn.patience, the_browser, "Storage.clearCookies", params);
  turn.seat->cookies = Json::array();
  co_return co_await cookies(turn);
}

}  // namespace browser

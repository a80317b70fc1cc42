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
  settings.largest_download = config.value("largest_download", settings.largest_download);
  settings.quarantine = config.value("quarantine", harmful_endings());
  settings.most_calls = config.value("calls", settings.most_calls);
  settings.consistent = config.value("consistent_fingerprint", true);
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
      m_workspaces(context),
      m_files(context),
      m_porch(m_files),
      m_loop([log = context.log](const char* what) {
        log.error("the browser's thread", {{"what", what}});
      }),
      m_patients(m_loop),
      m_ground{m_loop,    m_patients, m_processes,
               m_log,     m_events,   m_workspaces,
               m_carrier, m_porch,    settings_of(context.config)},
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
  m_carrier.end();
  m_loop.end();
}

void Plugin::run(const Call& call, Step step, bool by_hand) {
  m_loop.post([this, call, step, by_hand] { drive(call, step, by_hand); });
}

namespace {

void check_calls(const Share& share, std::size_t most) {
  if (share.under_way >= most)
    throw Error(429, "busy", "the session has " + std::to_string(most) + " calls of the browser under way, its limit",
                "wait until some have ended");
}

}  // namespace

Errand Plugin::drive(Call call, Step step, bool by_hand) {
  const auto patience = std::make_shared<Patience>(m_patients, time_of(call.input()));
  call.on_cancel([this, weak = std::weak_ptr(patience)] {
    m_loop.post([weak] {
      if (const auto left = weak.lock()) left->end({499, "cancelled", "the client has left"});
    });
  });
  try {
    const std::string wanted = call.input().value("tab", "");
    const auto share = m_browser->share(call.session());
    check_calls(*share, m_ground.settings.most_calls);
    const OneMore under_way(share, &Share::under_way);  // who waits for the browser, too
    auto seat = co_await m_browser->seat(*patience, call.session(), wanted);
    Turn turn{call, *patience, std::move(seat)};
    co_await its_turn(turn, step);
    Json answer;
    bool asks = false;  // what it did has opened a dialog that is held: that is its outcome
    try {
      if (by_hand)
        answer = co_await in_turn(turn, step);
      else
        answer = co_await (this->*step)(turn);
    } catch (const Error& error) {
      if (!(asks = error.code() == "dialog_opened")) throw;
    }
    if (asks) answer = co_await asked(turn);
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

// A tab has one mouse and one keyboard: what is done with them is done one after the other.
Task<Json> Plugin::in_turn(Turn& turn, Step step) {
  const auto tab = co_await this->tab(turn);
  {
    const At at(turn.patience, [] { return "another action in the same tab is not done yet"; });
    while (tab->hands_busy()) co_await tab->change(turn.patience);
  }
  const Tab::Hands hands(tab);
  co_return co_await (this->*step)(turn);
}

Task<std::shared_ptr<Tab>> Plugin::tab(Turn& turn) {
  co_return co_await m_browser->tab(turn.patience, turn.seat, turn.input().value("tab", ""));
}

// What has come of it, as far as is known already.
Json Plugin::told(Turn& turn, const std::shared_ptr<Tab>& tab) {
  Json all = with("tab", tab->names().id, "url", tab->url(), "title", tab->title());
  if (auto why = std::exchange(turn.seat->restarted, {}); !why.empty()) all["restarted"] = std::move(why);
  const auto dialogs = tab->take_dialogs();
  for (const Said& one : dialogs)
    all["dialogs"].push_back(with("kind", one.kind, "text", one.text, "answer", one.where));
  for (const auto& one : turn.seat->downloads) {
    if (std::exchange(one->told, one->state != "under way")) continue;
    all["downloads"].push_back(one->json());
  }
  if (const auto& asking = tab->asking())
    all["dialog"] = with("kind", asking->kind, "text", asking->text, "default", asking->otherwise);
  if (const auto& chooser = tab->chooser()) all["file_chooser"] = chooser->many ? "many" : "one";
  return all;
}

Task<Json> Plugin::outcome(Turn& turn, std::shared_ptr<Tab> tab) {
  co_await tab->refresh(turn.patience);
  Json all = told(turn, tab);
  if (turn.input().value("snapshot", false) && !tab->asking())
    all["snapshot"] = co_await look(turn, tab, 0, shown_with_an_action, true);
  co_return all;
}

Task<Json> Plugin::asked(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  co_await tab->refresh(turn.patience);
  co_return told(turn, tab);
}

void check_url(const std::string& url) {
  if (url.empty() || !may_go_to(url))
    throw Error(422, "bad_url", ways_to_go,
                url.find(':') == url.npos ? "write it whole: https://" + berth::clean(url.substr(0, 100)) : "");
}

Task<Json> Plugin::navigate(Turn& turn) {
  const bool fresh = turn.input().value("new_tab", false);
  std::shared_ptr<Tab> tab;
  if (fresh)
    tab = co_await m_browser->open(turn.patience, turn.seat);
  else
    tab = co_await this->tab(turn);
  const std::string url = turn.input().at("url");
  check_url(url);
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

}  // namespace browser

// A page's life is heard and not asked for: each of its states is an event, so what waits for one costs no turn.
#include "tab.hpp"

#include <berth/output.hpp>

#include <charconv>

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_said = 500, longest_said = 2000;
constexpr std::size_t most_dialogs = 20, most_refs = 100'000;
constexpr auto again_after = 10s, most_settling = 5s;
constexpr auto most_intent = 500ms;

std::string shortened(std::string text) {
  text = berth::clean(text);
  if (text.size() > longest_said) text = berth::clean(text.substr(0, longest_said)) + " …";
  return text;
}

// The names of the browser, and what clients of others call them.
std::string life_of(const std::string& until) {
  if (until == "domcontentloaded") return "DOMContentLoaded";
  if (until == "networkidle") return "networkIdle";
  return until;
}

berth::Error gone(const std::string& id) {
  return {410, "tab_gone", "the tab " + id + " is gone", "GET /browser/tabs lists them"};
}

std::string text_of_value(const Json& value) {
  if (const Json& plain = part(value, "value"); plain.is_string()) return plain.get<std::string>();
  if (const Json& plain = part(value, "value"); !plain.is_null()) return berth::json_text(plain);
  if (const std::string odd = text_of(value, "unserializableValue"); !odd.empty()) return odd;
  const std::string about = text_of(value, "description");
  return about.empty() ? text_of(value, "type") : about;
}

}  // namespace

std::string Refs::of(const NodeId& node) {
  if (m_nodes.size() >= most_refs) clear();  // of a page that is shown again and again, and never the same
  auto& number = m_numbers[node];
  if (number == 0) {
    number = ++m_last;
    m_nodes[number] = node;
  }
  return "e" + std::to_string(number);
}

std::optional<NodeId> Refs::find(const std::string& ref) const {
  std::uint64_t number = 0;
  if (ref.size() < 2 || ref[0] != 'e') return std::nullopt;
  const auto [end, bad] = std::from_chars(ref.data() + 1, ref.data() + ref.size(), number);
  const auto at = m_nodes.find(number);
  if (bad != std::errc() || end != ref.data() + ref.size() || at == m_nodes.end()) return std::nullopt;
  return at->second;
}

void Refs::clear() {
  m_numbers.clear();
  m_nodes.clear();
}

Tab::Tab(std::shared_ptr<Cdp> cdp, Names names)
    : m_cdp(std::move(cdp)), m_names(std::move(names)), m_main(m_names.target) {}

void Tab::listen(const std::string& session) {
  m_cdp->send(session, "Page.enable", with());
  m_cdp->send(session, "Page.setLifecycleEventsEnabled", with("enabled", true));
  m_cdp->send(session, "Runtime.enable", with());
  m_cdp->send(session, "Log.enable", with());
  m_cdp->send(session, "Inspector.enable", with());
  Json only_frames = Json::array();  // a window that the page opens is attached to by the browser's guard
  only_frames.push_back(with("type", "iframe", "exclude", false));
  only_frames.push_back(with("exclude", true));
  m_cdp->send(session, "Target.setAutoAttach",
              with("autoAttach", true, "waitForDebuggerOnStart", false, "flatten", true, "filter", only_frames));
}

void Tab::begin(int width, int height) {
  listen(m_names.session);
  m_cdp->send(m_names.session, "Emulation.setDeviceMetricsOverride",
              with("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  m_cdp->send(m_names.session, "Emulation.setFocusEmulationEnabled", with("enabled", true));
}

void Tab::describe(const Json& info) {
  m_url = text_of(info, "url");
  m_title = shortened(text_of(info, "title"));
  m_changed.tell();
}

void Tab::adopt(const std::string& session, const Json& info) {
  m_frames[text_of(info, "targetId")] = session;  // the number of such a target is its frame's
  listen(session);
}

void Tab::lose() {
  if (std::exchange(m_lost, true)) return;
  m_changed.tell();
}

void Tab::begin_page(const std::string& loader) {
  m_loader = loader;
  std::erase_if(m_reached, [&](const auto& one) { return one.first != loader; });
  m_crashed = false;
  m_refs.clear();
}

void Tab::on_lifecycle(const Json& params) {
  if (text_of(params, "frameId") != m_main) return;
  const std::string name = text_of(params, "name"), loader = text_of(params, "loaderId");
  m_reached[loader].insert(name);
  // The page before may have something to say still.
  if ((name == "init" || name == "commit") && loader != m_loader) begin_page(loader);
}

void Tab::on_dialog(const std::string& session, const Json& params) {
  const std::string kind = text_of(params, "type");
  const bool accept = m_accept || kind == "alert" || kind == "beforeunload";
  Json answer = with("accept", accept);
  if (m_prompt) answer["promptText"] = *m_prompt;
  m_cdp->send(session, "Page.handleJavaScriptDialog", answer);
  if (m_dialogs.size() < most_dialogs)
    m_dialogs.push_back({0, kind, shortened(text_of(params, "message")), accept ? "accepted" : "dismissed"});
}

// The browser's own part of it lives on, and loads its page anew; but not one that crashes again at once.
void Tab::crash() {
  m_crashed = true;
  const auto now = Patience::Clock::now();
  if (now - m_last_crash > again_after) m_cdp->send(m_names.session, "Page.reload", with());
  m_last_crash = now;
}

void Tab::answer_dialogs(bool accept, std::string text) {
  m_accept = accept;
  m_prompt.reset();
  if (accept && !text.empty()) m_prompt = std::move(text);
}

void Tab::on_console(const std::string& kind, const Json& arguments, const std::string& where) {
  std::string text;
  if (arguments.is_string()) text = arguments.get<std::string>();
  if (arguments.is_array())
    for (const Json& one : arguments) text += (text.empty() ? "" : " ") + text_of_value(one);
  if (m_console.size() == most_said) m_console.pop_front();
  m_console.push_back({++m_said, kind, shortened(text), where});
}

void Tab::event(const std::string& session, const std::string& method, const Json& params) {
  const bool main = session == m_names.session;
  if (method == "Page.lifecycleEvent" && main) {
    on_lifecycle(params);
  } else if (method == "Page.frameStartedLoading" || method == "Page.frameStartedNavigating") {
    if (text_of(params, "frameId") == m_main) m_loading = true;
  } else if (method == "Page.frameRequestedNavigation") {
    if (text_of(params, "frameId") == m_main && text_of(params, "disposition") == "currentTab") m_leaving = true;
  } else if (method == "Page.frameStoppedLoading") {
    if (text_of(params, "frameId") == m_main) m_loading = false;
  } else if (method == "Page.frameNavigated") {
    const Json& frame = part(params, "frame");
    if (main && text_of(frame, "parentId").empty()) m_url = text_of(frame, "url");
  } else if (method == "Page.navigatedWithinDocument") {
    if (text_of(params, "frameId") == m_main) m_url = text_of(params, "url");
  } else if (method == "Page.javascriptDialogOpening") {
    on_dialog(session, params);
  } else if (method == "Runtime.consoleAPICalled") {
    on_console(text_of(params, "type"), part(params, "args"), "");
  } else if (method == "Runtime.exceptionThrown") {
    const Json& details = part(params, "exceptionDetails");
    on_console("exception", Json::array({part(details, "exception")}), text_of(details, "url"));
  } else if (method == "Log.entryAdded") {
    const Json& entry = part(params, "entry");
    on_console(text_of(entry, "level"), part(entry, "text"), text_of(entry, "url"));
  } else if (method == "Inspector.targetCrashed" && main) {
    crash();
    m_cdp->forget(m_names.session,
                  {502, "tab_crashed", "the tab's page has crashed", "browser.navigate loads it anew"});
  } else if (method == "Target.attachedToTarget") {
    if (text_of(part(params, "targetInfo"), "type") == "iframe")
      adopt(text_of(params, "sessionId"), part(params, "targetInfo"));
  } else if (method == "Target.detachedFromTarget") {
    std::erase_if(m_frames, [&](const auto& one) { return one.second == text_of(params, "sessionId"); });
  }
  m_changed.tell();
}

Task<Json> Tab::ask(Patience& patience, const char* method, Json params) {
  if (m_lost) throw gone(m_names.id);
  if (m_crashed && method != std::string_view("Page.navigate") && method != std::string_view("Page.reload"))
    throw berth::Error(502, "tab_crashed", "the tab's page has crashed",
                       "it is loaded anew; browser.navigate does it, too");
  co_return co_await Ask(*m_cdp, patience, m_names.session, method, params);
}

Task<void> Tab::wait_for(Patience& patience, std::string until) {
  const std::string life = life_of(until);
  while (!m_reached[m_loader].contains(life)) {
    if (m_lost) throw gone(m_names.id);
    if (m_crashed) throw berth::Error(502, "tab_crashed", "the tab's page has crashed", "it is loaded anew");
    const At at(patience, [life, url = m_url] { return "waiting for \"" + life + "\" of " + url; });
    co_await Signal::Next(m_changed, patience);
  }
}

Task<void> Tab::go(Patience& patience, std::string url, std::string until) {
  const At at(patience, [url] { return "no answer from " + url; });
  m_crashed = false;
  Json params = with("url", url);
  const Json answer = co_await ask(patience, "Page.navigate", std::move(params));
  if (const std::string failed = text_of(answer, "errorText"); !failed.empty())
    throw berth::Error(502, "not_loaded", "cannot load " + url + ": " + failed,
                       "what the browser may reach is in berth.lua: plugin \"browser\" { jail = { allow = { … } } }");
  const std::string loader = text_of(answer, "loaderId");
  if (loader.empty()) co_return;  // within the same document
  if (loader != m_loader) begin_page(loader);
  if (until != "commit") co_await wait_for(patience, std::move(until));
}

Task<void> Tab::step(Patience& patience, int by, std::string until) {
  const Json history = co_await ask(patience, "Page.getNavigationHistory", with());
  const auto to = static_cast<std::int64_t>(number_of(history, "currentIndex")) + by;
  const Json& entries = part(history, "entries");
  if (!entries.is_array() || to < 0 || to >= static_cast<std::int64_t>(entries.size()))
    throw berth::Error(409, "no_history", by < 0 ? "there is no page before this one" : "there is no page after it");
  const Json& entry = entries[static_cast<std::size_t>(to)];
  const std::string before = m_loader;
  Json params = with("entryId", part(entry, "id"));
  co_await ask(patience, "Page.navigateToHistoryEntry", std::move(params));
  const std::string url = text_of(entry, "url");
  while (m_url != url && m_loader == before) co_await Signal::Next(m_changed, patience);
  if (until != "commit" && m_loader != before) co_await wait_for(patience, std::move(until));
}

Task<void> Tab::reload(Patience& patience, std::string until) {
  const std::string before = m_loader;
  m_crashed = false;
  co_await ask(patience, "Page.reload", with());
  while (m_loader == before) co_await Signal::Next(m_changed, patience);
  if (until != "commit") co_await wait_for(patience, std::move(until));
}

Task<void> Tab::refresh(Patience& patience) {
  if (m_lost) co_return;
  const Json params = with("targetId", m_names.target);
  const Json found = co_await Ask(*m_cdp, patience, the_browser, "Target.getTargetInfo", params);
  describe(part(found, "targetInfo"));
}

// The page says first that it wants to leave, and the browser then that it does.
Task<void> Tab::settle(Patience& patience) {
  const std::string before = m_loader;
  Patience brief(patience.among(), std::min<std::chrono::milliseconds>(patience.left(), most_settling));
  try {
    const Json params = with("expression", "0");
    co_await Ask(*m_cdp, brief, m_names.session, "Runtime.evaluate", params);  // behind what the action set off
  } catch (const berth::Error& error) {
    patience.check();
  }
  try {
    const auto until = Patience::Clock::now() + most_intent;
    while (m_leaving && !m_loading && Patience::Clock::now() < until) co_await Pause(brief, 10ms);
    while (m_loading && m_loader == before) co_await Signal::Next(m_changed, brief);
    if (m_loader != before) co_await wait_for(brief, "domcontentloaded");
  } catch (const berth::Error& error) {
    if (error.code() != "timeout") throw;
  }
  m_leaving = false;
}

Task<Json> Tab::evaluate(Patience& patience, std::string expression) {
  Json params = with("expression", std::move(expression), "returnByValue", true, "awaitPromise", true, "userGesture",
                     true, "allowUnsafeEvalBlockedByCSP", true);
  Json answer;
  try {
    answer = co_await ask(patience, "Runtime.evaluate", std::move(params));
  } catch (const berth::Error&) {
    if (patience.over()) m_cdp->send(m_names.session, "Runtime.terminateExecution", with());  // or its tab hangs
    throw;
  }
  if (const Json& details = part(answer, "exceptionDetails"); !details.is_null()) {
    const std::string words = text_of(part(details, "exception"), "description");
    throw berth::Error(422, "script_failed", words.empty() ? text_of(details, "text") : shortened(words));
  }
  co_return part(answer, "result");
}

}  // namespace browser

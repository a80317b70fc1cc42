// What a tab's page says of itself by itself: its life, its dialogs, its console, what it asks its network for.
#include <berth/output.hpp>

#include <utility>

#include "seat.hpp"

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_said = 500, longest_said = 2000, most_dialogs = 20, most_frames_known = 1000;
constexpr int most_in_a_row = 20;
constexpr auto in_a_row = 2s;
constexpr int most_bodies = 16 << 20, largest_body = 4 << 20;  // that the browser keeps of one tab
constexpr auto again_after = 10s;

std::string text_of_value(const Json& value) {
  if (const Json& plain = part(value, "value"); plain.is_string()) return plain.get<std::string>();
  if (const Json& plain = part(value, "value"); !plain.is_null()) return berth::json_text(plain);
  if (const std::string odd = text_of(value, "unserializableValue"); !odd.empty()) return odd;
  const std::string about = text_of(value, "description");
  return about.empty() ? text_of(value, "type") : about;
}

}  // namespace

std::string shortened(std::string text) {
  text = berth::clean(text);
  if (text.size() > longest_said) text = berth::clean(text.substr(0, longest_said)) + " …";
  return text;
}

void Tab::listen(const std::string& session) {
  m_cdp->send(session, "Page.enable", with());
  m_cdp->send(session, "Page.setLifecycleEventsEnabled", with("enabled", true));
  m_cdp->send(session, "Page.setInterceptFileChooserDialog", with("enabled", true));
  m_cdp->send(session, "Runtime.enable", with());
  m_cdp->send(session, "Log.enable", with());
  m_cdp->send(session, "Inspector.enable", with());
  m_cdp->send(session, "DOMStorage.enable", with());
  m_cdp->send(
      session, "Network.enable",
      with("maxTotalBufferSize", most_bodies, "maxResourceBufferSize", largest_body, "maxPostDataSize", 64'000));
  tell_surroundings(session);
  Json only_frames = Json::array();  // a window that the page opens is attached to by the browser's guard
  only_frames.push_back(with("type", "iframe", "exclude", false));
  only_frames.push_back(with("exclude", true));
  m_cdp->send(session, "Target.setAutoAttach",
              with("autoAttach", true, "waitForDebuggerOnStart", false, "flatten", true, "filter", only_frames));
}

void Tab::begin(const Window& window) {
  m_window = window;
  const auto seat = m_seat.lock();
  m_guards = seat && !seat->logins.empty();
  listen(m_names.session);
  m_cdp->send(m_names.session, "Emulation.setFocusEmulationEnabled", with("enabled", true));
  begin_scripts();
}

void Tab::describe(const Json& info) {
  m_url = text_of(info, "url");
  m_title = shortened(text_of(info, "title"));
  m_changed.tell();
}

void Tab::adopt(const std::string& session, const Json& info) {
  m_traffic.settled(text_of(info, "targetId"));
  m_frames[text_of(info, "targetId")] = session;  // the number of such a target is its frame's
  listen(session);
}

Screencast& Tab::screencast(loop::Loop& loop) {
  if (!m_screencast) m_screencast = std::make_unique<Screencast>(loop, m_cdp, m_names.session);
  return *m_screencast;
}

void Tab::lose() {
  if (std::exchange(m_lost, true)) return;
  m_screencast.reset();
  m_changed.tell();
}

void Tab::begin_page(const std::string& loader) {
  m_loader = loader;
  std::erase_if(m_reached, [&](const auto& one) { return one.first != loader; });
  m_crashed = false;
  m_asking.reset();
  m_in_a_row = 0;
  m_chooser.reset();
  m_refs.clear();
}

void Tab::on_lifecycle(const Json& params) {
  if (text_of(params, "frameId") != m_main) return;
  const std::string name = text_of(params, "name"), loader = text_of(params, "loaderId");
  m_reached[loader].insert(name);
  // The page before may have something to say still.
  if ((name == "init" || name == "commit") && loader != m_loader) begin_page(loader);
}

// In place of a page that did not come there is one of the browser's own, which has an address of its own.
void Tab::on_page(const Json& frame) {
  const std::string missed = text_of(frame, "unreachableUrl");
  m_url = missed.empty() ? text_of(frame, "url") : missed;
  if (m_url != "about:blank" && !m_url.empty()) m_aim = m_url;
}

// A page that asks again and again is stopped: its script is ended, and its tab can be used.
void Tab::on_dialog(const std::string& session, const Json& params) {
  const std::string kind = text_of(params, "type"), text = shortened(text_of(params, "message"));
  const auto now = Patience::Clock::now();
  if (now - std::exchange(m_last_dialog, now) > in_a_row) m_in_a_row = 0;
  if (++m_in_a_row % most_in_a_row == 0) m_cdp->send(session, "Runtime.terminateExecution", with());
  if (m_hold) {
    m_asking.emplace();
    m_asking->session = session;
    m_asking->kind = kind;
    m_asking->text = text;
    m_asking->otherwise = shortened(text_of(params, "defaultPrompt"));
    const berth::Error why(409, "dialog_opened", "a dialog has opened: \"" + text + "\"", "browser.answer_dialog");
    for (const auto& [frame, its] : m_frames) m_cdp->forget(its, why);
    return m_cdp->forget(m_names.session, why);
  }
  const bool accept = m_accept || kind == "alert" || kind == "beforeunload";
  Json answer = with("accept", accept);
  if (m_prompt) answer["promptText"] = *m_prompt;
  m_cdp->send(session, "Page.handleJavaScriptDialog", answer);
  if (m_dialogs.size() < most_dialogs) m_dialogs.push_back({0, kind, text, accept ? "accepted" : "dismissed"});
}

Task<void> Tab::answer_dialog(Patience& patience, bool accept, std::string text) {
  if (!m_asking) throw berth::Error(409, "no_dialog", "no dialog is open");
  const std::string session = m_asking->session;
  if (m_dialogs.size() < most_dialogs)
    m_dialogs.push_back({0, m_asking->kind, m_asking->text, accept ? "accepted" : "dismissed"});
  m_asking.reset();
  Json answer = with("accept", accept);
  if (!text.empty()) answer["promptText"] = std::move(text);
  co_await Ask(*m_cdp, patience, session, "Page.handleJavaScriptDialog", answer);
}

// The browser's own part of it lives on, and loads its page anew; but not one that crashes again at once.
void Tab::crash() {
  m_crashed = true;
  m_cdp->forget(m_names.session, {502, "tab_crashed", "the tab's page has crashed", "browser.navigate loads it anew"});
  const auto now = Patience::Clock::now();
  if (now - std::exchange(m_last_crash, now) <= again_after) return;
  if (m_aim.empty() || m_aim == "about:blank")
    m_cdp->send(m_names.session, "Page.reload", with());
  else
    come_back();  // what would be reloaded may be the empty page that it began with
}

void Tab::answer_dialogs(bool accept, std::string text) {
  m_hold = false;
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
  if (method.starts_with("Network.")) return m_traffic.event(session, method, params);
  if (method.starts_with("Fetch.")) return on_held(session, method, params);
  if (method.starts_with("DOMStorage.")) {
    if (const auto seat = m_seat.lock()) seat->origins.event(method, params);
    return;
  }
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
    if (main && text_of(frame, "parentId").empty()) on_page(frame);
  } else if (method == "Page.navigatedWithinDocument") {
    if (text_of(params, "frameId") == m_main) m_aim = m_url = text_of(params, "url");
  } else if (method == "Page.frameAttached") {
    if (m_all_frames.size() < most_frames_known) m_all_frames.insert(text_of(params, "frameId"));
  } else if (method == "Page.frameDetached") {
    m_all_frames.erase(text_of(params, "frameId"));
  } else if (method == "Tracing.tracingComplete") {
    m_trace = text_of(params, "stream");
  } else if (method == "Page.screencastFrame") {
    if (m_screencast) m_screencast->frame(params);
  } else if (method == "Page.fileChooserOpened") {
    m_chooser.emplace();
    m_chooser->session = session;
    m_chooser->node = static_cast<std::int64_t>(number_of(params, "backendNodeId"));
    m_chooser->many = text_of(params, "mode") == "selectMultiple";
  } else if (method == "Page.javascriptDialogOpening") {
    on_dialog(session, params);
  } else if (method == "Page.javascriptDialogClosed") {
    m_asking.reset();
  } else if (method == "Runtime.consoleAPICalled") {
    on_console(text_of(params, "type"), part(params, "args"), "");
  } else if (method == "Runtime.exceptionThrown") {
    const Json& details = part(params, "exceptionDetails");
    on_console("exception", Json::array({part(details, "exception")}), text_of(details, "url"));
  } else if (method == "Log.entryAdded") {
    const Json& entry = part(params, "entry");
    on_console(text_of(entry, "level"), part(entry, "text"), text_of(entry, "url"));
  } else if (method == "Inspector.targetCrashed") {
    m_traffic.lost(session);
    if (main) crash();
  } else if (method == "Target.attachedToTarget") {
    if (text_of(part(params, "targetInfo"), "type") == "iframe")
      adopt(text_of(params, "sessionId"), part(params, "targetInfo"));
  } else if (method == "Target.detachedFromTarget") {
    m_traffic.lost(text_of(params, "sessionId"));
    std::erase_if(m_frames, [&](const auto& one) { return one.second == text_of(params, "sessionId"); });
  }
  m_changed.tell();
}

}  // namespace browser

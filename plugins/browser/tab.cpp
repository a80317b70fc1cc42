// Where a tab goes, and what is waited for: each state of a page is an event, so what waits for one costs no turn.
#include "tab.hpp"

#include <charconv>

#include "seat.hpp"

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_refs = 100'000;
constexpr auto most_settling = 5s;
constexpr auto most_intent = 500ms, still_for = 500ms;
constexpr std::chrono::milliseconds return_time = 60s, return_pause = 200ms;
constexpr int most_returns = 5;

// The names of the browser, and what clients of others call them.
std::string life_of(const std::string& until) {
  if (until == "domcontentloaded") return "DOMContentLoaded";
  return until;
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

Tab::Tab(std::shared_ptr<Cdp> cdp, Names names, std::weak_ptr<Seat> seat)
    : m_cdp(std::move(cdp)), m_names(std::move(names)), m_seat(std::move(seat)), m_main(m_names.target) {}

berth::Error Tab::gone() const {
  const auto seat = m_seat.lock();
  if (seat && (seat->gone || seat->share->gone)) return seat->why_gone();
  return {410, "tab_gone", "the tab " + m_names.id + " is gone", "GET /browser/tabs lists them"};
}

Task<void> Tab::change(Patience& patience) {
  if (!m_lost) co_await Signal::Next(m_changed, patience);
  if (m_lost) throw gone();
}

Task<void> Tab::ended(Patience& patience) {
  while (!m_lost) co_await Signal::Next(m_changed, patience);
}

Task<Json> Tab::ask(Patience& patience, const char* method, Json params) {
  if (m_lost) throw gone();
  if (m_crashed && method != std::string_view("Page.navigate") && method != std::string_view("Page.reload"))
    throw berth::Error(502, "tab_crashed", "the tab's page has crashed",
                       "it is loaded anew; browser.navigate does it, too");
  if (m_asking)
    throw berth::Error(409, "dialog_open", "a dialog is open, and the page waits: \"" + m_asking->text + "\"",
                       "answer it first: browser.answer_dialog");
  co_return co_await Ask(*m_cdp, patience, m_names.session, method, params);
}

std::set<std::string> Tab::all_frames() const {
  auto all = m_all_frames;
  all.insert(m_main);
  for (const auto& [frame, session] : m_frames) all.insert(frame);
  return all;
}

Task<void> Tab::quiet(Patience& patience) {
  co_await wait_for(patience, "domcontentloaded");
  const At at(patience, [url = m_url] { return "the network of " + url + " is never quiet"; });
  while (!m_traffic.quiet(still_for)) {
    if (m_lost) throw gone();
    co_await Pause(patience, 50ms);
  }
}

Task<void> Tab::wait_for(Patience& patience, std::string until) {
  if (until == "networkidle") co_return co_await quiet(patience);
  const std::string life = life_of(until);
  while (!m_reached[m_loader].contains(life)) {
    if (m_lost) throw gone();
    if (m_crashed) throw berth::Error(502, "tab_crashed", "the tab's page has crashed", "it is loaded anew");
    const At at(patience, [life, url = m_url] { return "waiting for \"" + life + "\" of " + url; });
    co_await change(patience);
  }
}

Task<void> Tab::go(Patience& patience, std::string url, std::string until) {
  const At at(patience, [url] { return "no answer from " + url; });
  m_crashed = false;
  ++m_returns;
  const std::string before = std::exchange(m_aim, url);
  Json params = with("url", url);
  const Json answer = co_await ask(patience, "Page.navigate", std::move(params));
  const std::string failed = text_of(answer, "errorText");
  if (failed == "net::ERR_ABORTED" && m_aim == url) m_aim = before;  // what is no page leaves the one that is there
  if (!failed.empty())
    throw berth::Error(
        502, "not_loaded", "cannot load " + url + ": " + failed,
        failed.find("AUTH_CREDENTIALS") != failed.npos
            ? "it wants to know who you are: browser.login"
            : "what the browser may reach is in berth.lua: plugin \"browser\" { jail = { allow = { … } } }");
  const std::string loader = text_of(answer, "loaderId");
  if (loader.empty()) co_return;  // within the same document
  if (loader != m_loader) begin_page(loader);
  if (until != "commit") co_await wait_for(patience, std::move(until));
}

// Who is killed on the way there, its renderer or the network of all, costs it a moment and not its page. Whoever sends
// it elsewhere meanwhile has the last word.
Errand Tab::come_back() {
  const auto self = shared_from_this();
  const auto seat = m_seat.lock();
  const std::string to = m_aim;
  if (!seat || to.empty() || to == "about:blank") co_return;
  const auto mine = ++m_returns;
  Patience patience(seat->patients, return_time);
  const Json params = with("url", to);
  try {
    for (int tries = 0; tries < most_returns && !m_lost && m_returns == mine && m_aim == to; ++tries) {
      const Json answer = co_await Ask(*m_cdp, patience, m_names.session, "Page.navigate", params);
      const std::string failed = text_of(answer, "errorText");
      if (failed != "net::ERR_ABORTED" && failed != "net::ERR_FAILED") co_return;
      co_await Pause(patience, return_pause);
    }
  } catch (const berth::Error&) {
    co_return;  // it has crashed, which loads it anew, or it is gone
  }
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
  ++m_returns;
  co_await ask(patience, "Page.navigateToHistoryEntry", std::move(params));
  const std::string url = text_of(entry, "url");
  while (m_url != url && m_loader == before) co_await change(patience);
  if (until != "commit" && m_loader != before) co_await wait_for(patience, std::move(until));
}

Task<void> Tab::reload(Patience& patience, std::string until) {
  const std::string before = m_loader;
  m_crashed = false;
  ++m_returns;
  co_await ask(patience, "Page.reload", with());
  while (m_loader == before) co_await change(patience);
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
    while (m_loading && !m_lost && m_loader == before) co_await Signal::Next(m_changed, brief);
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

// Tabs, and the contexts that they are in: those of one know nothing of what those of another are logged in to.
#include <algorithm>
#include <utility>

#include "plugin.hpp"

namespace browser {

using berth::Error;

namespace {

constexpr std::size_t most_contexts = 10;

Json context_list(const Browser& browser, const std::string& session, const std::shared_ptr<Seat>& used) {
  Json all = Json::array();
  for (const auto& one : browser.contexts(session))
    all.push_back(with("name", one->name, "tabs", one->tabs.size(), "used", one == used));
  return with("contexts", std::move(all));
}

}  // namespace

Task<Json> Plugin::tabs(Turn& turn) {
  Json all = Json::array();
  const auto contexts = m_browser->contexts(turn.call.session());
  for (const auto& seat : contexts) {
    const auto each = seat->tabs;
    for (const auto& one : each) co_await one->refresh(turn.patience);
    for (const auto& one : each) {
      const bool active = seat == turn.seat && one == seat->active;
      Json about = with("tab", one->names().id, "url", one->url(), "title", one->title(), "active", active, "crashed",
                        one->crashed());
      if (!seat->name.empty()) about["context"] = seat->name;
      all.push_back(std::move(about));
    }
  }
  co_return with("tabs", std::move(all));
}

Task<Json> Plugin::new_tab(Turn& turn) {
  const auto tab = co_await m_browser->open(turn.patience, turn.seat);
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::select_tab(Turn& turn) {
  const std::string id = turn.input().at("tab");
  const auto tab = co_await m_browser->select(turn.patience, turn.seat, id);
  co_return co_await outcome(turn, tab);
}

Task<Json> Plugin::close_tab(Turn& turn) {
  const std::string id = turn.input().at("tab");
  co_await m_browser->close(turn.patience, turn.seat, id);
  co_return with("tab", id, "closed", true);
}

Task<Json> Plugin::contexts(Turn& turn) { co_return context_list(*m_browser, turn.call.session(), turn.seat); }

Task<Json> Plugin::use_context(Turn& turn) {
  const std::string name = turn.input().at("name"), session = turn.call.session();
  const auto all = m_browser->contexts(session);
  const bool known = std::any_of(all.begin(), all.end(), [&](const auto& one) { return one->name == name; });
  if (!known && all.size() >= most_contexts)
    throw Error(429, "too_many_contexts", "the session has " + std::to_string(all.size()) + " contexts, its limit",
                "forget some: DELETE /browser/contexts/{name}");
  m_browser->choose(session, name);
  turn.seat = co_await m_browser->seat(turn.patience, session, "");
  co_return context_list(*m_browser, session, turn.seat);
}

Task<Json> Plugin::forget_context(Turn& turn) {
  const std::string name = turn.input().at("name"), session = turn.call.session();
  const auto all = m_browser->contexts(session);
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one->name == name; });
  if (at == all.end())
    throw Error(404, "no_context", "there is no context " + name, "GET /browser/contexts lists them");
  const auto gone = *at;
  m_browser->forget(gone);
  if (gone == turn.seat) {
    m_browser->choose(session, "");
    turn.seat = co_await m_browser->seat(turn.patience, session, "");
  }
  co_return context_list(*m_browser, session, turn.seat);
}

}  // namespace browser

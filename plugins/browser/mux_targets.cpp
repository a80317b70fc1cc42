// The browser's targets, as far as a client may see them. Nothing of Target.* that is asked of the whole browser goes
// on as it is: the browser would answer for all sessions. What it attaches to by itself is attached to from here, one
// by one: told to do so itself it would hold up every page of everybody.
#include <algorithm>
#include <array>
#include <vector>

#include "mux.hpp"
#include "words.hpp"

namespace browser {

namespace {

constexpr std::array seen_types = {"page", "tab", "iframe", "worker", "shared_worker", "service_worker"};
constexpr std::array target_events = {"Target.targetCreated", "Target.targetInfoChanged", "Target.targetDestroyed",
                                      "Target.targetCrashed"};
constexpr std::array attached_types = {"page", "tab", "shared_worker", "service_worker"};  // the rest by its page

bool wants(const Line& line, const Json& info) {
  const std::string type = text_of(info, "type");
  return line.attaches && one_of(type, attached_types) && fits_filter(line.attached, type);
}

Json by_id(const std::string& target) { return with("targetId", target, "flatten", true); }

}  // namespace

// A tab that says nothing of itself holds a page of the browser's own.
bool Mux::sees(const Client& client, const Json& info) const {
  const std::string type = text_of(info, "type"), context = text_of(info, "browserContextId");
  if (!client.seat || context.empty() || !one_of(type, seen_types)) return false;
  if (type == "tab" && part(info, "embedderData").is_null()) return false;
  return context == client.seat->context || client.contexts.count(context) > 0;
}

bool Mux::sees(const Client& client, const std::string& target) const {
  const auto at = m_targets.find(target);
  return at != m_targets.end() && sees(client, at->second);
}

// That its clients have made.
std::set<std::string> Mux::contexts_of(const std::string& session) const {
  std::set<std::string> all;
  for (const auto& one : m_clients)
    if (one->session == session) all.insert(one->contexts.begin(), one->contexts.end());
  return all;
}

// Of a session, whoever made them, and with those that are being made.
std::size_t Mux::pages(const Seat& seat) const {
  auto contexts = contexts_of(seat.session);
  contexts.insert(seat.context);
  std::size_t making = 0;
  for (const auto& one : m_clients) making += one->session == seat.session ? one->making_pages : 0;
  return making + static_cast<std::size_t>(std::count_if(m_targets.begin(), m_targets.end(), [&](const auto& one) {
           return text_of(one.second, "type") == "page" && contexts.count(text_of(one.second, "browserContextId")) > 0;
         }));
}

Json Mux::pages_of(const Seat& seat) const {
  Json all = Json::array();
  for (const auto& [id, info] : m_targets)
    if (text_of(info, "type") == "page" && text_of(info, "browserContextId") == seat.context) all.push_back(info);
  return all;
}

void Mux::target(const std::string& method, const Json& params) {
  if (!one_of(method, target_events)) return;  // what its guard attaches to is nobody else's to know
  const Json& told = part(params, "targetInfo");
  const std::string id = text_of(told.is_null() ? params : told, "targetId");
  if (method == "Target.targetCreated") m_targets[id] = told;
  const auto at = m_targets.find(id);
  if (at == m_targets.end()) return;
  if (!told.is_null()) at->second = told;
  const Json info = at->second;
  const std::string type = text_of(info, "type");
  if (method == "Target.targetDestroyed") m_targets.erase(at);
  const auto all = m_clients;
  for (const auto& client : all) {
    if (client->gone || !client->ready || !sees(*client, info)) continue;
    for (auto& [name, line] : client->lines) {
      if (line.discovers && fits_filter(line.discovered, type))
        tell(client, event_text(method, berth::json_text(params), client->shown(name)));
      if (method == "Target.targetDestroyed") line.by_itself.erase(id);
    }
    if (method == "Target.targetCreated") appear(client, info);
    if (method == "Target.targetDestroyed") client->changed.tell();
  }
}

void Mux::appear(const Of& client, const Json& info) {
  const std::string target = text_of(info, "targetId");
  const bool popup = !text_of(info, "openerId").empty() && client->contexts.count(text_of(info, "browserContextId"));
  if (popup && pages(*client->seat) > m_ground.settings.most_tabs)
    return m_browser.cdp().send(client->root, "Target.closeTarget", with("targetId", target));
  for (auto& [name, line] : client->lines) {
    if (!line.whole() || !wants(line, info) || !line.by_itself.emplace(target, "").second) continue;
    m_browser.cdp().send(name, "Target.attachToTarget", by_id(target));
  }
}

void Mux::do_for(const Of& client, Command command) {
  const std::string method = command.method;
  if (method == "Browser.close") return end_by_client(client, command);
  if (method == "Browser.setDownloadBehavior") return downloads(client, std::move(command));
  if (method == "Target.setDiscoverTargets") return discover(client, command);
  if (method == "Target.setAutoAttach") return void(attach_by_itself(client, std::move(command)));
  if (method == "Target.createTarget") return void(create_target(client, std::move(command)));
  if (method == "Target.createBrowserContext") return void(create_context(client, std::move(command)));
  if (method == "Target.disposeBrowserContext") return void(dispose_context(client, std::move(command)));
  if (method == "Target.attachToBrowserTarget") return pass(client, command, command.line);
  if (method == "Target.detachFromTarget") {
    const std::string line = text_of(command.params, "sessionId");
    return line.empty() ? refuse(client, command, "Target.detachFromTarget wants a sessionId")
                        : pass(client, command, client->lines.at(line).parent);
  }
  const std::string target = text_of(command.params, "targetId");
  if (method == "Target.attachToTarget" && part(command.params, "flatten") != Json(true))
    return refuse(client, command, "sessions are flat: attach with flatten");
  if (method == "Target.attachToTarget" || method == "Target.closeTarget" || method == "Target.activateTarget") {
    if (target.empty()) return refuse(client, command, method + " wants a targetId");
    return pass(client, command, method == "Target.attachToTarget" ? command.line : client->root);
  }
  answer(client, command, told_of(*client, command));
}

// What needs nobody's help.
Json Mux::told_of(const Client& client, const Command& command) const {
  if (command.method == "Target.getBrowserContexts")
    return with("browserContextIds", client.contexts, "defaultBrowserContextId", client.seat->context);
  if (command.method == "Target.getTargetInfo") {
    std::string target = text_of(command.params, "targetId");
    if (target.empty()) target = client.lines.at(command.line).target;
    const auto at = m_targets.find(target);
    if (at != m_targets.end()) return with("targetInfo", at->second);
    return with("targetInfo", with("targetId", client.root, "type", "browser", "title", "", "url", "", "attached", true,
                                   "canAccessOpener", false));
  }
  Json all = Json::array();
  for (const auto& [id, info] : m_targets)
    if (sees(client, info) && fits_filter(part(command.params, "filter"), text_of(info, "type"))) all.push_back(info);
  return with("targetInfos", std::move(all));
}

void Mux::discover(const Of& client, const Command& command) {
  Line& line = client->lines.at(command.line);
  line.discovers = part(command.params, "discover") == Json(true);
  line.discovered = part(command.params, "filter");
  for (const auto& [id, info] : m_targets) {
    if (!line.discovers || !sees(*client, info) || !fits_filter(line.discovered, text_of(info, "type"))) continue;
    tell(client,
         event_text("Target.targetCreated", berth::json_text(with("targetInfo", info)), client->shown(command.line)));
    if (client->gone) return;
  }
  answer(client, command, with());
}

// Clients take it that all there is has been attached to once this is answered.
Errand Mux::attach_by_itself(Of client, Command command) {
  Line& line = client->lines.at(command.line);
  line.attaches = part(command.params, "autoAttach") == Json(true);
  line.attached = part(command.params, "filter");
  std::vector<std::string> targets;
  for (const auto& [id, info] : m_targets)
    if (sees(*client, info) && wants(line, info) && line.by_itself.emplace(id, "").second) targets.push_back(id);
  const auto by_itself = line.by_itself;
  for (const auto& [target, name] : by_itself)
    if (!line.attaches && !name.empty())
      m_browser.cdp().send(command.line, "Target.detachFromTarget", with("sessionId", name));
  Patience patience(m_ground.patients, command_time);
  for (const auto& target : targets) {
    try {
      const Json params = by_id(target);
      co_await Ask(m_browser.cdp(), patience, command.line, "Target.attachToTarget", params);
    } catch (const berth::Error&) {
      continue;  // it is gone by now
    }
  }
  const Json nothing = with();
  answer(client, command, nothing);
}

// In the session's own context it is a tab like any other; its client hears of it before it is answered.
Task<std::string> Mux::new_page(Patience& patience, Of client, Json params) {
  if (const std::size_t all = pages(*client->seat); all >= m_ground.settings.most_tabs)
    throw berth::Error(429, "too_many_tabs", "the session has " + std::to_string(all) + " tabs, its limit");
  const Counted one_more(client->making_pages);
  const std::string url = text_of(params, "url"), context = text_of(params, "browserContextId");
  if (context.empty() || context == client->seat->context) {
    const auto tab = co_await m_browser.open(patience, client->seat);
    const Json where = with("url", url);
    if (!url.empty() && url != "about:blank") tab->cdp().send(tab->names().session, "Page.navigate", where);
    co_return tab->names().target;
  }
  Json wanted = with("url", url, "browserContextId", context);
  for (const char* name : {"width", "height", "left", "top", "windowState", "newWindow", "background"})
    if (const Json& given = part(params, name); !given.is_null()) wanted[name] = given;
  const Json made = co_await Ask(m_browser.cdp(), patience, client->root, "Target.createTarget", wanted);
  co_return text_of(made, "targetId");
}

Errand Mux::create_target(Of client, Command command) {
  Patience patience(m_ground.patients, command_time);
  std::string failed, target;
  try {
    target = co_await new_page(patience, client, command.params);
    const auto awaited = [&] {
      const auto line = client->lines.find(command.line);
      const auto info = m_targets.find(target);
      if (line == client->lines.end() || info == m_targets.end() || !wants(line->second, info->second)) return false;
      const auto at = line->second.by_itself.find(target);
      return at != line->second.by_itself.end() && at->second.empty();
    };
    while (!client->gone && awaited()) co_await Signal::Next(client->changed, patience);
  } catch (const berth::Error& error) {
    failed = error.message();
  }
  if (!failed.empty()) co_return refuse(client, command, failed);
  const Json made = with("targetId", target);
  answer(client, command, made);
}

}  // namespace browser

// Contexts that a client makes are its own: nobody else sees them, and they end with it. What it says of the browser as
// a whole (its end, its downloads) is meant for these and for its session's context, and done so.
#include "mux.hpp"

namespace browser {

Errand Mux::create_context(Of client, Command command) {
  std::string failed, context;
  for (const char* name : {"proxyServer", "proxyBypassList", "originsWithUniversalNetworkAccess"}) {
    const Json& given = part(command.params, name);
    if (!given.is_null() && given != Json("") && given != Json::array())
      failed = std::string(name) + " is the host's to say: what the browser may reach is in berth.lua";
  }
  std::size_t beside = contexts_of(client->session).size();
  for (const auto& one : m_clients) beside += one->session == client->session ? one->making_contexts : 0;
  if (beside >= most_contexts)
    failed = "a session has at most " + std::to_string(most_contexts) + " contexts beside its own: dispose of one";
  if (!failed.empty()) co_return refuse(client, command, failed);
  const Counted one_more(client->making_contexts);
  Patience patience(m_ground.patients, command_time);
  try {
    const Json params = with("disposeOnDetach", true);
    const Json made = co_await Ask(m_browser.cdp(), patience, client->root, "Target.createBrowserContext", params);
    context = text_of(made, "browserContextId");
  } catch (const berth::Error& error) {
    failed = error.message();
  }
  if (!failed.empty()) co_return refuse(client, command, failed);
  client->contexts.insert(context);
  const Json made = with("browserContextId", context);
  answer(client, command, made);
}

Errand Mux::dispose_context(Of client, Command command) {
  const std::string context = text_of(command.params, "browserContextId");
  std::string failed;
  if (!client->contexts.count(context)) failed = "it is not this client's to dispose of";
  if (!failed.empty()) co_return refuse(client, command, failed);
  Patience patience(m_ground.patients, command_time);
  try {
    const Json params = with("browserContextId", context);
    co_await Ask(m_browser.cdp(), patience, client->root, "Target.disposeBrowserContext", params);
  } catch (const berth::Error& error) {
    failed = error.message();
  }
  if (!failed.empty()) co_return refuse(client, command, failed);
  client->contexts.erase(context);
  const Json nothing = with();
  answer(client, command, nothing);
}

// The others go on: what ends is this client's.
void Mux::end_by_client(const Of& client, const Command& command) {
  answer(client, command, with());
  leave(client, 1000, "the client has closed the browser: its own part of it");
}

// Nothing is written where a client says: it hears that there is a download, and that it was not kept.
void Mux::downloads(const Of& client, Command command) {
  Json params = with("behavior", "deny", "eventsEnabled", part(command.params, "eventsEnabled") == Json(true));
  const std::string context = text_of(command.params, "browserContextId");
  params["browserContextId"] = context.empty() ? client->seat->context : context;
  command.params = std::move(params);
  pass(client, command, client->root);
}

}  // namespace browser

// Files that clients have subscribed to: one watch of a session's workspace tells of all of them.
#include <algorithm>
#include <utility>

#include "plugin.hpp"

namespace mcp {

namespace {

bool is_file(std::string_view uri) { return uri.substr(0, workspace_uri.size()) == workspace_uri; }

bool wants_files(const Json& uris) {
  return std::any_of(uris.begin(), uris.end(),
                     [](const Json& one) { return one.is_string() && is_file(one.get_ref<const std::string&>()); });
}

}  // namespace

// In the name of whoever is the first to want it.
void Plugin::watch_files(const berth::Call& call, const Json& uris) {
  const std::string seat = call.session();
  if (!wants_files(uris) || m_watches.count(seat) > 0) return;
  berth::Ask ask("workspace.watch");
  ask.as(call).outlives();
  const auto over = [this, seat] {
    const std::lock_guard<Stream::Lock> held(m_lock);
    m_watches.erase(seat);
  };
  berth::Ears ears;
  ears.chunk = [this, seat](std::string_view bytes, std::string_view) {
    Json data;
    const std::lock_guard<Stream::Lock> held(m_lock);
    if (!parse(bytes, data)) return berth::Flow::ok;
    for (const char* which : {"path", "from"})
      if (const Json& path = part(data, which); path.is_string())
        tell_updated("file://" + path.get<std::string>(), &seat);
    return berth::Flow::ok;
  };
  ears.finish = over;
  ears.fail = [over](const berth::Error&) { over(); };
  if (const auto number = m_calls.start(ask, std::move(ears)); number != 0) m_watches[seat] = number;
}

// Those that nobody wants any more.
void Plugin::end_watches() {
  std::set<std::string> wanted;
  for (const auto& [id, session] : m_sessions.all())
    if (wants_files(Json(session->watched))) wanted.insert(session->owner().seat);
  for (const auto& [number, one] : m_listeners)
    if (wants_files(part(one.wanted, "resourceSubscriptions"))) wanted.insert(one.seat);
  for (auto at = m_watches.begin(); at != m_watches.end();) {
    const bool stays = wanted.count(at->first) > 0;
    if (!stays) m_calls.cancel(at->second);
    at = stays ? std::next(at) : m_watches.erase(at);
  }
}

// To those who subscribed to it; `seat`: in this session of Berth's alone.
void Plugin::tell_updated(const std::string& uri, const std::string* seat) {
  const char* method = "notifications/resources/updated";
  const auto same = [&uri](const std::string& one) { return one == uri || percent_decoded(one) == uri; };
  for (const auto& [id, session] : m_sessions.all()) {
    if (!session->listening || (seat && session->owner().seat != *seat)) continue;
    for (const auto& one : session->watched)
      if (same(one)) session->listening->send(notification(method, {{"uri", one}}));
  }
  const auto listeners = m_listeners;
  for (const auto& [number, one] : listeners) {
    if (seat && one.seat != *seat) continue;
    for (const Json& wanted : part(one.wanted, "resourceSubscriptions"))
      if (wanted.is_string() && same(wanted))
        one.stream->send(notification(method, {{"_meta", {{meta_subscription, one.id}}}, {"uri", wanted}}));
  }
}

}  // namespace mcp

// What the host offers may change while it runs, and so may what a resource says.
#include <algorithm>
#include <utility>

#include "plugin.hpp"

namespace mcp {

// What is asked before the host's operations are known waits for them.
void Plugin::wait_for_known(const berth::Call& call, std::function<void()> then) {
  if (m_waiting.size() >= 1000)
    throw berth::Error(503, "starting", "the host is still starting", "try again in a moment");
  call.on_cancel([call] { call.fail({503, "left", "its client has left before the host was known"}); });
  m_waiting.push_back([call, then = std::move(then)] {
    if (!call.cancelled()) call.guard(then);
  });
  if (!m_looking) look();
}

// Asks for the list of operations; what happens meanwhile is looked at again.
void Plugin::look() {
  const std::lock_guard<Stream::Lock> held(m_lock);
  if (std::exchange(m_looking, true)) {
    m_look_again = true;
    return;
  }
  const auto over = [this] {
    m_looking = false;
    if (std::exchange(m_look_again, false)) m_timers.after(std::chrono::milliseconds(20), [this] { look(); });
  };
  berth::Ears ears;
  ears.answer = [this, over](const Json& answer) {
    const std::lock_guard<Stream::Lock> inner(m_lock);
    const Json& operations = part(answer, "operations");
    looked(operations.is_array() ? operations : Json::array());
    over();
  };
  ears.fail = [this, over](const berth::Error& error) {
    const std::lock_guard<Stream::Lock> inner(m_lock);
    m_log.error("the operations of this host cannot be listed", {{"what", error.what()}});
    m_look_again = m_look_again || error.status() == 503;  // it has only just begun
    if (!m_look_again && !m_known) looked(Json::array());  // who waits hears that there is nothing
    over();
  };
  m_look = m_calls.start(berth::Ask("host.operations"), std::move(ears));
  if (m_look == 0) {
    m_log.error("berth.lua grants this plugin no calls", {});
    looked(Json::array());
    over();
  }
}

void Plugin::looked(const Json& operations) {
  const auto before = std::exchange(m_catalogue, std::make_shared<const Catalogue>(operations));
  if (!std::exchange(m_known, true)) {
    for (const auto& waiting : std::exchange(m_waiting, {})) waiting();
    return;
  }
  using As = Offer::As;
  if (!m_catalogue->same(As::tool, *before)) tell_changed("tools", "toolsListChanged");
  if (!m_catalogue->same(As::prompt, *before)) tell_changed("prompts", "promptsListChanged");
  if (!m_catalogue->same(As::resource, *before) || !m_catalogue->same(As::template_, *before))
    tell_changed("resources", "resourcesListChanged");
}

void Plugin::heard(const berth::Event& event) {
  const std::lock_guard<Stream::Lock> held(m_lock);
  const auto ends = [&](std::string_view with) {
    return event.topic.size() > with.size() &&
           event.topic.compare(event.topic.size() - with.size(), with.size(), with) == 0;
  };
  if (event.topic.compare(0, 7, "plugin.") == 0) return m_known || m_looking ? look() : void();
  if (event.topic.compare(0, 8, "session.") == 0) return m_scripts.forget_session(event.session);
  if (event.topic == "approval.asked") return approval_asked(event);
  if (ends(".tools_changed")) return tell_changed("tools", "toolsListChanged");
  if (ends(".prompts_changed")) return tell_changed("prompts", "promptsListChanged");
  if (ends(".resources_changed")) return tell_changed("resources", "resourcesListChanged");
  const Json uri = event.data.is_object() ? event.data.value("uri", Json()) : Json();
  if (ends(".resource_updated") && uri.is_string()) tell_updated(uri.get<std::string>());
}

// A call that a client of ours has made waits for somebody's word: it may be asked for it, if that word counts.
void Plugin::approval_asked(const berth::Event& event) {
  const Json &by = part(event.data, "by"), &id = part(event.data, "id"), &reason = part(event.data, "reason");
  constexpr std::string_view ours = "plugin:mcp for ";
  if (!by.is_string() || !id.is_string() || by.get_ref<const std::string&>().compare(0, ours.size(), ours) != 0) return;
  const std::string caller = by.get<std::string>().substr(ours.size()), seat = event.session;
  if (m_runs.count(caller) == 0) return;
  berth::Ears ears;
  ears.answer = [this, caller, seat, reason](const Json& approval) {
    const std::lock_guard<Stream::Lock> held(m_lock);
    const Json& name = part(approval, "id");
    const auto run = waiting_for(caller, seat, approval);
    if (run && name.is_string()) run->ask_approval(name, reason.is_string() ? reason.get<std::string>() : "");
  };
  m_calls.start(berth::Ask("host.approval", {{"id", id}}).session(seat), std::move(ears));
}

// Calls of the same operation with the same input are as good as each other.
std::shared_ptr<Run> Plugin::waiting_for(const std::string& caller, const std::string& session,
                                         const Json& approval) const {
  const auto all = m_runs.find(caller);
  if (all == m_runs.end()) return nullptr;
  for (const auto& [key, weak] : all->second) {
    const auto run = weak.lock();
    if (run && run->order().owner.seat == session && run->step().operation == part(approval, "operation") &&
        run->input() == part(approval, "input") && !run->waits_for_approval())
      return run;
  }
  return nullptr;
}

// To clients that listen; the others look when they come again.
void Plugin::tell_changed(const char* what, const char* filter) {
  const std::string method = std::string("notifications/") + what + "/list_changed";
  for (const auto& [id, session] : m_sessions.all())
    if (session->listening) session->listening->send({{"jsonrpc", "2.0"}, {"method", method}});
  const auto listeners = m_listeners;
  for (const auto& [number, one] : listeners)
    if (one.wanted.contains(filter)) one.stream->send(notification(method, {{"_meta", {{meta_subscription, one.id}}}}));
}

void Plugin::tidy() {
  const std::lock_guard<Stream::Lock> held(m_lock);
  m_sessions.expire(m_settings.away);
  end_watches();
  drop_old(m_tasks);
  drop_old(m_parked);
  m_scripts.forget(Scripts::Clock::now());
}

void Plugin::drop_old(AllKept& all) {
  const auto now = std::chrono::steady_clock::now();
  while (drop_oldest(all, [now](const Kept& one) { return one.until <= now; })) continue;
}

void Plugin::beat() {
  const std::lock_guard<Stream::Lock> held(m_lock);
  for (const auto& weak : std::exchange(m_streams, {})) {
    const auto stream = weak.lock();
    if (!stream || stream->ended()) continue;
    stream->beat();
    m_streams.push_back(weak);
  }
}

}  // namespace mcp

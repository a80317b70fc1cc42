// What the browser says goes to whoever it is for, as it is; only what tells of sessions and handles is read.
#include <vector>

#include "mux.hpp"

namespace browser {

namespace {

constexpr std::size_t most_of_a_handle = 4096;  // an answer with a handle in it is small
constexpr unsigned page_gone = 4005;

}  // namespace

bool Mux::message(const Envelope& message) {
  if (message.id != 0) return answered(message);
  const auto at = message.session.empty() ? m_lines.end() : m_lines.find(std::string(message.session));
  if (at == m_lines.end()) return false;
  happened(Of(at->second), message);
  return true;
}

bool Mux::answered(const Envelope& message) {
  const auto node = m_asked.extract(message.id);
  if (!node) return false;
  const Asked& asked = node.mapped();
  --asked.client->asked;
  note(asked, message);
  if (message.error.empty())
    tell(asked.client, answer_text(asked.id, message.result, asked.line));
  else if (asked.note == Note::dialog)  // it has been answered by rule before
    tell(asked.client, answer_text(asked.id, "{}", asked.line));
  else
    tell(asked.client, "{\"id\":" + asked.id + ",\"error\":" + std::string(message.error) +
                           (asked.line.empty() ? "}" : ",\"sessionId\":\"" + asked.line + "\"}"));
  return true;
}

// Handles that are numbers could be guessed: a client may use those that it was given.
void Mux::note(const Asked& asked, const Envelope& message) {
  if (asked.note == Note::none || asked.note == Note::dialog || message.result.size() > most_of_a_handle) return;
  const Json result = read_message(message.result);
  if (asked.note == Note::window) {
    if (const Json& id = part(result, "windowId"); !id.is_null()) asked.client->windows.insert(berth::json_text(id));
    return;
  }
  for (std::string handle : {text_of(result, "stream"), text_of(part(result, "resource"), "stream")})
    if (!handle.empty()) asked.client->streams.insert(handle);
  if (const std::string uuid = text_of(result, "uuid"); !uuid.empty()) asked.client->streams.insert("blob:" + uuid);
}

void Mux::happened(const Of& client, const Envelope& message) {
  const std::string line(message.session);
  if (message.method == "Target.attachedToTarget") return attached(client, line, read_message(message.params));
  if (message.method == "Tracing.tracingComplete")
    if (const std::string handle = text_of(read_message(message.params), "stream"); !handle.empty())
      client->streams.insert(handle);
  const bool hidden = line == client->root && line != client->base;
  if (client->ready && !hidden) tell(client, event_text(message.method, message.params, client->shown(line)));
  if (message.method == "Target.detachedFromTarget")
    detached(client, text_of(read_message(message.params), "sessionId"));
}

// A page of the browser's own (its omnibox has some) or of somebody else is let go of at once.
void Mux::attached(const Of& client, const std::string& parent, const Json& params) {
  const Json& info = part(params, "targetInfo");
  const std::string name = text_of(params, "sessionId"), target = text_of(info, "targetId");
  Line& above = client->lines.at(parent);
  const bool browser = text_of(info, "type") == "browser" && above.whole();
  if (!browser && !sees(*client, info)) {
    auto& cdp = m_browser.cdp();
    cdp.send(name, "Runtime.runIfWaitingForDebugger", with());
    return cdp.send(parent, "Target.detachFromTarget", with("sessionId", name));
  }
  if (const auto at = above.by_itself.find(target); at != above.by_itself.end() && at->second.empty())
    at->second = name;
  Line& line = client->lines[name];
  line.name = name;
  line.parent = parent;
  if (!browser) line.target = target;
  m_lines[name] = client;
  const bool hidden = parent == client->root && parent != client->base;
  if (client->ready && !hidden)
    tell(client, event_text("Target.attachedToTarget", berth::json_text(params), client->shown(parent)));
  client->changed.tell();
}

// And with it whatever was attached to by it.
void Mux::detached(const Of& client, const std::string& line) {
  const auto node = client->lines.extract(line);
  if (!node) return;
  m_lines.erase(line);
  if (const auto above = client->lines.find(node.mapped().parent); above != client->lines.end())
    std::erase_if(above->second.by_itself, [&](const auto& one) { return one.second == line; });
  std::vector<std::string> below;
  for (const auto& [name, one] : client->lines)
    if (one.parent == line) below.push_back(name);
  for (const auto& name : below) detached(client, name);
  if (line == client->base) leave(client, page_gone, "the page is gone");
}

}  // namespace browser

// What clients say: read whole, judged, and written anew, so that the browser reads what was judged and nothing else.
#include <algorithm>
#include <map>

#include "mux.hpp"

namespace browser {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t deepest_message = 100;
constexpr unsigned no_protocol = 4003;
constexpr int no_session = -32001, no_request = -32600;

bool is_method(const std::string& text) {
  const auto letter = [](unsigned char c) { return std::isalpha(c) || c == '.'; };
  return text.size() <= 100 && text.find('.') != text.npos && std::all_of(text.begin(), text.end(), letter);
}

std::string id_of(const Json& message) {
  const Json& id = part(message, "id");
  return id.is_number() ? berth::json_text(id) : std::string("null");
}

}  // namespace

void Mux::hear(const Of& client, const std::string& text) {
  if (client->gone) return;
  if (depth_of(text) > deepest_message) return leave(client, no_protocol, "a message nests too deep");
  const Json message = read_message(text);
  const std::string id = id_of(message), method = text_of(message, "method"), line = text_of(message, "sessionId");
  const std::string& by = line.empty() ? client->base : line;
  if (id == "null" || !is_method(method))
    tell(client, refusal_text(id, "a message is JSON with a number as id, and a method", line, no_request));
  else if (!client->lines.count(by))
    tell(client, refusal_text(id, "Session with given id not found.", line, no_session));
  else if (client->asked >= Client::most_asked)
    tell(client, refusal_text(id, "too many commands wait for their answers", line));
  else
    judge(client, {id, by, method, part(message, "params")});
}

Reach Mux::reach_of(const Of& client) const {
  Reach reach;
  reach.home = client->seat->context;
  reach.admin = client->call().scope() == "admin";
  reach.context = [&c = *client](const std::string& id) { return id == c.seat->context || c.contexts.count(id) > 0; };
  reach.target = [this, &c = *client](const std::string& id) { return sees(c, id); };
  reach.line = [&c = *client](const std::string& name) { return name != c.root && c.lines.count(name) > 0; };
  reach.window = [&c = *client](const std::string& id) { return c.windows.count(id) > 0; };
  reach.stream = [&c = *client](const std::string& handle) { return c.streams.count(handle) > 0; };
  return reach;
}

void Mux::judge(const Of& client, Command command) {
  const auto now = std::chrono::steady_clock::now();
  if (now - client->noted > 1s) {
    client->noted = now;
    m_browser.note(client->seat);
  }
  const bool whole = client->lines.at(command.line).whole();
  Ruling found = ruling(reach_of(client), whole, command.method, std::move(command.params));
  if (found.fate != Fate::refuse && client->seat->steering.held() && acts(command.method))
    return refuse(client, command, "a human has taken the browser over; go on when they have given it back");
  command.params = std::move(found.params);
  switch (found.fate) {
    case Fate::pass: return pass(client, command, command.line);
    case Fate::refuse: return refuse(client, command, found.words);
    case Fate::ours: return do_for(client, std::move(command));
  }
}

void Mux::pass(const Of& client, const Command& command, const std::string& by) {
  static const std::map<std::string, Note> notes = {
      {"Page.printToPDF", Note::stream},
      {"Fetch.takeResponseBodyAsStream", Note::stream},
      {"Network.takeResponseBodyForInterceptionAsStream", Note::stream},
      {"Network.loadNetworkResource", Note::stream},
      {"IO.resolveBlob", Note::stream},
      {"Browser.getWindowForTarget", Note::window},
      {"Page.handleJavaScriptDialog", Note::dialog},
  };
  if (!m_browser.is_up()) return refuse(client, command, "the browser has ended");
  if (m_browser.cdp().unsent() >= most_unsent)
    return refuse(client, command, "the browser does not read, and too much waits for it already");
  const auto at = notes.find(command.method);
  const auto id = m_browser.cdp().pass(by, command.method, command.params);
  ++client->asked;
  m_asked.emplace(id,
                  Asked{client, command.id, client->shown(command.line), at == notes.end() ? Note::none : at->second});
}

void Mux::answer(const Of& client, const Command& command, const Json& result) {
  tell(client, answer_text(command.id, berth::json_text(result), client->shown(command.line)));
}

void Mux::refuse(const Of& client, const Command& command, const std::string& words) {
  tell(client, refusal_text(command.id, words, client->shown(command.line)));
}

}  // namespace browser

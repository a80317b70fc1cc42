// The bridge's exchanges with the host: a session that the host has lost is opened again, a stream that broke off is
// taken up, and what the host says by itself is listened to.
#include <algorithm>
#include <utility>

#include "command/json_reading.hpp"
#include "command/mcp_bridge.hpp"
#include "command/mcp_call.hpp"

namespace berth::command {

namespace {

constexpr int most_tries = 3;  // in a row that bring nothing
constexpr std::chrono::milliseconds least_pause{1000}, longest_pause{30'000};
constexpr const char* initialized = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";

// It forgets one when it starts again, or when nobody has used it for long.
bool is_lost(const Client::Answer& answer, const McpSession::Now& session) {
  return answer.status == 404 && !session.id.empty() && json_of(answer.body).contains("jsonrpc");
}

}  // namespace

Client::Request McpBridge::request(std::string method, Fields fields, std::string body) const {
  Client::Request request{std::move(method), m_path, std::move(fields), std::move(body)};
  const bool post = request.method == "POST";
  request.fields.emplace_back("Accept", post ? "application/json, text/event-stream" : "text/event-stream");
  if (post) request.fields.emplace_back("Content-Type", "application/json");
  request.keep = post;
  return request;
}

McpBridge::Outcome McpBridge::exchange(Client& client, Client::Request request, McpAnswer& answer) {
  request.head = [&answer](const Client::Answer& head) { answer.begin(head); };
  auto outcome = client.send(request, [&](std::string_view bytes) {
    m_output.wait_for_reader();
    return answer.take(bytes);
  });
  say(outcome);
  return outcome;
}

McpBridge::Outcome McpBridge::send(Client& client, const McpMessage& message, const std::string& line,
                                   McpAnswer& answer, const Sent& sent) {
  const bool has_session = !message.modern && message.method != "initialize";
  for (bool again = false;; again = true) {
    const auto session = has_session ? m_session.wait() : McpSession::Now{};
    auto one = request("POST", message.modern ? modern_fields(message) : session.fields(), line);
    one.sent = sent;
    auto outcome = exchange(client, std::move(one), answer);
    if (outcome && is_lost(*outcome, session) && !again && renew(client, session.id)) continue;
    if (outcome) answer.finish(*outcome);
    return outcome;
  }
}

// True: there is another one now. The client only hears that lists may have changed, since the host may have.
bool McpBridge::renew(Client& client, const std::string& lost) {
  if (!m_session.begin_again(lost)) return m_session.wait().id != lost;
  const std::string initialize = m_session.initialize();
  McpAnswer answer(read_mcp(initialize).id, {});
  const auto outcome = exchange(client, request("POST", {}, initialize), answer);
  if (outcome) answer.finish(*outcome);
  if (answer.version().empty() || answer.session().empty()) {
    m_session.failed();
    return false;
  }
  const McpSession::Now now{answer.session(), answer.version()};
  McpAnswer none(nullptr, {});
  exchange(client, request("POST", now.fields(), initialized), none);
  m_session.opened(now);
  for (const char* list : {"tools", "prompts", "resources"})
    m_output.put(R"({"jsonrpc":"2.0","method":"notifications/)" + std::string(list) + R"(/list_changed"})");
  return true;
}

void McpBridge::follow(Client& client, const Call& call, McpAnswer& answer) {
  const auto session = m_session.wait();
  int tries = 0;
  const auto waits = [&] { return !answer.answered() && !answer.too_long() && !call.cancelled(); };
  while (tries < most_tries && waits() && rest(answer.retry())) {
    const std::string before = answer.last_event();
    auto fields = session.fields();
    fields.emplace_back("Last-Event-ID", before);
    const auto outcome = exchange(client, request("GET", std::move(fields)), answer);
    if (outcome && outcome->status >= 400) return;
    tries = answer.last_event() == before ? tries + 1 : 0;
  }
}

void McpBridge::listen(Client& client) {
  std::string last;
  auto pause = least_pause;
  do pause = listen_once(client, last, pause);
  while (pause.count() > 0 && rest(pause));
  m_listens = false;
}

// How long to rest before the next time; 0: the host has no such stream.
std::chrono::milliseconds McpBridge::listen_once(Client& client, std::string& last, std::chrono::milliseconds pause) {
  const auto session = m_session.wait();
  auto fields = session.fields();
  if (!last.empty()) fields.emplace_back("Last-Event-ID", last);
  McpAnswer answer(nullptr, [this](const std::string& one, bool) { m_output.put(one); });
  const auto outcome = exchange(client, request("GET", std::move(fields)), answer);
  if (!answer.last_event().empty()) last = answer.last_event();
  if (outcome && is_lost(*outcome, session)) {
    last.clear();
    return renew(client, session.id) ? std::chrono::milliseconds(1) : least_pause;
  }
  if (outcome && outcome->status == 405) return std::chrono::milliseconds(0);
  return outcome && outcome->status < 400 ? answer.retry() : std::min(pause * 2, longest_pause);
}

// On standard error, once for each time that the host is gone.
void McpBridge::say(const Outcome& outcome) {
  if (outcome || outcome.error().code == "abandoned") {
    if (outcome) m_reached = true;
  } else if (m_reached.exchange(false)) {
    report(outcome.error());
  }
}

}  // namespace berth::command

// The client's messages on their way to the host.
#include "command/mcp_bridge.hpp"

#include <iostream>
#include <utility>

#include "command/columns.hpp"
#include "command/json_reading.hpp"
#include "command/mcp_call.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;

namespace {

constexpr std::size_t most_requests = 256, most_short = 32, most_waiting = 64u << 20;
constexpr std::chrono::seconds until_sent{5}, longest_farewell{2};

bool is_short(const McpMessage& message) {
  return message.method == "ping" || message.method == "initialize" || message.method == "server/discover";
}

}  // namespace

McpBridge::McpBridge(Client::Target target, std::string path, McpOutput& output)
    : m_target(std::move(target)),
      m_path(std::move(path)),
      m_output(output),
      m_long(m_target, most_requests, most_waiting),
      m_short(m_target, most_short, most_waiting) {}

void McpBridge::take(std::string line) {
  auto message = read_mcp(line);
  using Kind = McpMessage::Kind;
  if (message.kind == Kind::wrong) {
    m_output.put(mcp_error(message.id, message.code, message.why));
  } else if (message.kind == Kind::request) {
    start(std::move(message), std::move(line));
  } else if (message.cancels.is_null() || !cancel(message, line)) {
    post(message, std::move(line));
  }
}

void McpBridge::start(McpMessage message, std::string line) {
  const auto call = std::make_shared<Call>(message.modern);
  const std::string key = message.id.dump();
  {
    const std::lock_guard held(m_lock);
    m_calls[key] = call;
  }
  const bool opens = message.method == "initialize" && !message.modern;
  if (opens) m_session.begin(line);
  const json id = message.id;
  const auto bytes = line.size();
  auto& workers = is_short(message) ? m_short : m_long;
  auto job = [this, call, key, message = std::move(message), line = std::move(line)](Client& client) {
    if (call->begin(client)) ask(client, *call, message, line);
    call->finish();
    forget(key, call);
  };
  if (workers.post(std::move(job), bytes)) return;
  forget(key, call);
  if (opens) m_session.failed();
  m_output.put(mcp_error(id, Error{0, "too_many", "too much is asked at once: wait for answers"}));
}

void McpBridge::forget(const std::string& key, const std::shared_ptr<Call>& call) {
  const std::lock_guard held(m_lock);
  if (const auto at = m_calls.find(key); at != m_calls.end() && at->second == call) m_calls.erase(at);
}

void McpBridge::ask(Client& client, Call& call, const McpMessage& message, const std::string& line) {
  const bool opens = message.method == "initialize" && !message.modern;
  McpAnswer answer(message.id, [this](const std::string& one) { m_output.put(one); });
  const auto outcome = send(client, message, line, answer, [&call] { call.is_sent(); });
  if (!answer.answered() && !message.modern && !answer.last_event().empty()) follow(client, call, answer);
  if (opens && !answer.version().empty())
    m_session.opened({answer.session(), answer.version()});
  else if (opens)
    m_session.failed();
  if (answer.answered() || call.cancelled()) return;
  if (answer.too_long())
    m_output.put(mcp_error(message.id, Error{0, "too_long", "the host's answer is longer than can be passed on"}));
  else if (!outcome)
    m_output.put(mcp_error(message.id, outcome.error()));
  else
    m_output.put(mcp_error(message.id, Error{0, "cut_off", "the host's answer ended before its result"}));
}

// Notifications, and answers to what the host has asked.
void McpBridge::post(const McpMessage& message, std::string line) {
  const auto bytes = line.size();
  auto job = [this, message, line = std::move(line)](Client& client) { tell(client, message, line); };
  if (!m_short.post(std::move(job), bytes)) std::cerr << "berth: too much is said at once; a message is left out\n";
}

void McpBridge::tell(Client& client, const McpMessage& message, const std::string& line) {
  if (!message.modern && m_session.wait().id.empty()) return;  // of no session, so of nothing
  McpAnswer answer(nullptr, [](const std::string&) {});
  const auto outcome = send(client, message, line, answer, {});
  if (!outcome) return;
  if (outcome->status >= 400)
    std::cerr << "berth: the host refused a message of the client's: " << printable(outcome->body.substr(0, 500))
              << "\n";
  if (message.method != "notifications/initialized" || outcome->status >= 400) return;
  const std::lock_guard held(m_lock);
  if (m_ending || m_listener) return;
  auto target = m_target;
  target.patience = std::chrono::minutes(1);  // a host that lives beats in between
  m_listener = std::make_unique<Client>(std::move(target));
  m_listening = std::thread([this] { listen(); });
}

// True: the host need not hear of it. From 2026-07-28 on it sees that the stream is closed, and nothing else.
bool McpBridge::cancel(const McpMessage& message, const std::string& line) {
  std::shared_ptr<Call> call;
  {
    const std::lock_guard held(m_lock);
    if (const auto at = m_calls.find(message.cancels.dump()); at != m_calls.end()) call = at->second;
  }
  if (!call) return message.modern;
  if (call->cancel()) return true;
  auto job = [this, call, message, line](Client& client) {
    call->wait_until_sent(until_sent);
    tell(client, message, line);
  };
  m_short.post(std::move(job), line.size());
  return true;
}

bool McpBridge::rest(std::chrono::milliseconds time) {
  std::unique_lock held(m_lock);
  m_end.wait_for(held, time, [this] { return m_ending; });
  return !m_ending;
}

void McpBridge::finish(std::chrono::milliseconds linger) {
  {
    const std::lock_guard held(m_lock);
    if (m_ending) return;
  }
  const auto until = std::chrono::steady_clock::now() + linger;
  m_short.settle(until);
  m_long.settle(until);
  {
    const std::lock_guard held(m_lock);
    m_ending = true;
    if (m_listener) m_listener->abandon();
  }
  m_end.notify_all();
  m_output.end();
  m_session.end();
  m_long.end();
  m_short.end();
  if (m_listening.joinable()) m_listening.join();
  give_back();
}

void McpBridge::give_back() {
  const auto session = m_session.wait();
  if (session.id.empty()) return;
  auto target = m_target;
  target.patience = longest_farewell;
  Client(std::move(target)).send(request("DELETE", session.fields()));
}

}  // namespace berth::command

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

constexpr std::size_t most_short = 32, most_waiting = 64u << 20;
constexpr std::size_t beside_a_line = 4u << 10;  // what is kept with it, more or less
constexpr std::chrono::seconds until_sent{5}, longest_farewell{2}, between_beats{60};
constexpr std::chrono::milliseconds until_cancelled{200};
constexpr int most_tellings = 3;

constexpr const char* with_batches = "2025-03-26";

bool opens_session(const McpMessage& message) { return message.method == "initialize" && !message.modern; }

bool is_short(const McpMessage& message) { return message.method == "ping" || message.method == "server/discover"; }

// Who listens to a host that lives hears it beat meanwhile.
Client::Target patient(Client::Target target, std::chrono::milliseconds patience) {
  target.patience = patience;
  return target;
}

}  // namespace

McpBridge::McpBridge(Client::Target target, std::string path, McpOutput& output, std::size_t requests)
    : m_target(std::move(target)),
      m_path(std::move(path)),
      m_output(output),
      m_long(m_target, requests, most_waiting),
      m_short(m_target, most_short, most_waiting),
      m_opening(m_target, 1, most_waiting),
      m_listening(patient(m_target, between_beats), 1, 0) {}

void McpBridge::take(std::string line) {
  auto message = read_mcp(line);
  if (message.kind != McpMessage::Kind::batch) return take_one(std::move(message), std::move(line), nullptr);
  if (m_session.version() != with_batches) return refuse_batch(message.batch);
  take_batch(message.batch);
}

// Each message of it goes its own way, as one that came alone; only the answers come together.
void McpBridge::take_batch(const json& messages) {
  const auto batch = std::make_shared<McpBatch>(m_output);
  for (const auto& one : messages) {
    auto line = one.dump();
    auto message = read_mcp(line);
    if (message.kind == McpMessage::Kind::batch)
      batch->add(mcp_error(nullptr, mcp_invalid_request, "no batch is in a batch"));
    else if (opens_session(message))
      batch->add(mcp_error(message.id, mcp_invalid_request, "initialize comes alone"));
    else
      take_one(std::move(message), std::move(line), batch);
  }
}

void McpBridge::refuse_batch(const json& messages) {
  const std::string why = std::string("a batch of messages is of revision ") + with_batches + ": send one a line";
  bool any = false;
  for (const auto& one : messages) {
    const auto message = read_mcp(one.dump());
    if (message.kind != McpMessage::Kind::request) continue;
    any = true;
    m_output.put(mcp_error(message.id, mcp_invalid_request, why));
  }
  if (!any) m_output.put(mcp_error(nullptr, mcp_invalid_request, why));
}

void McpBridge::take_one(McpMessage message, std::string line, const Batch& batch) {
  using Kind = McpMessage::Kind;
  if (message.kind == Kind::wrong) {
    reply(batch, mcp_error(message.id, message.code, message.why));
  } else if (message.kind == Kind::request) {
    start(std::move(message), std::move(line), batch);
  } else if (message.cancels.is_null() || !cancel(message, line)) {
    post(message, std::move(line));
  }
}

void McpBridge::reply(const Batch& batch, const std::string& answer) {
  if (batch)
    batch->add(answer);
  else
    m_output.put(answer);
}

void McpBridge::start(McpMessage message, std::string line, const Batch& batch) {
  const auto call = std::make_shared<Call>(message.modern);
  const std::string key = message.id.dump();
  std::shared_ptr<Call> before;  // that the client cancelled, and whose id it uses again: the host may know it yet
  {
    const std::lock_guard held(m_lock);
    auto& now = m_calls[key];
    if (now && now->cancelled()) before = now;
    now = call;
  }
  const bool opens = opens_session(message);
  if (opens) m_session.begin(line);
  const json id = message.id;
  const auto bytes = line.size() + beside_a_line;
  auto& workers = opens ? m_opening : is_short(message) ? m_short : m_long;
  auto job = [this, call, before, key, batch, message = std::move(message), line = std::move(line)](Client& client) {
    if (before) before->wait_until_over(until_sent);
    if (call->begin(client)) ask(client, *call, message, line, batch);
    call->finish();
    forget(key, call);
  };
  if (workers.post(std::move(job), bytes)) return;
  call->finish();
  forget(key, call);
  if (opens) m_session.failed();
  reply(batch, mcp_error(id, Error{0, "too_many", "too much is asked at once: wait for answers"}));
}

void McpBridge::forget(const std::string& key, const std::shared_ptr<Call>& call) {
  const std::lock_guard held(m_lock);
  if (const auto at = m_calls.find(key); at != m_calls.end() && at->second == call && call->over()) m_calls.erase(at);
}

// The session is open before the client hears so: what it says then may depend on that.
void McpBridge::ask(Client& client, Call& call, const McpMessage& message, const std::string& line,
                    const Batch& batch) {
  const bool opens = opens_session(message);
  McpAnswer answer(message.id, [&](const std::string& one, bool answers) {
    if (opens && answers && !answer.version().empty()) m_session.opened({answer.session(), answer.version()});
    if (!call.cancelled()) reply(answers ? batch : nullptr, one);
  });
  const auto outcome = send(client, message, line, answer, [&call] { call.is_sent(); });
  if (!answer.answered() && !message.modern && !opens && !answer.last_event().empty()) follow(client, call, answer);
  if (opens && answer.version().empty()) m_session.failed();
  if (answer.answered() || call.cancelled()) return;
  Error why{0, "cut_off", "the host's answer ended before its result"};
  if (answer.too_long())
    why = {0, "too_long", "the host's answer is longer than can be passed on"};
  else if (!outcome)
    why = outcome.error();
  reply(batch, mcp_error(message.id, why));
}

// Notifications, and answers to what the host has asked.
void McpBridge::post(const McpMessage& message, std::string line) {
  const auto bytes = line.size() + beside_a_line;
  auto job = [this, message, line = std::move(line)](Client& client) { tell(client, message, line); };
  if (!m_short.post(std::move(job), bytes)) std::cerr << "berth: too much is said at once; a message is left out\n";
}

void McpBridge::tell(Client& client, const McpMessage& message, const std::string& line) {
  if (!message.modern && m_session.wait().id.empty()) return;  // of no session, so of nothing
  McpAnswer answer(nullptr, {});
  const auto outcome = send(client, message, line, answer, {});
  if (!outcome) return;
  if (outcome->status >= 400)
    std::cerr << "berth: the host refused a message of the client's: " << printable(outcome->body.substr(0, 500))
              << "\n";
  if (message.method != "notifications/initialized" || outcome->status >= 400) return;
  if (!m_listens.exchange(true)) m_listening.post([this](Client& one) { listen(one); }, 0);
}

// True: the host need not hear of it. From 2026-07-28 on it sees that the stream is closed, and nothing else.
bool McpBridge::cancel(const McpMessage& message, const std::string& line) {
  const std::string key = message.cancels.dump();
  std::shared_ptr<Call> call;
  {
    const std::lock_guard held(m_lock);
    if (const auto at = m_calls.find(key); at != m_calls.end()) call = at->second;
  }
  if (!call) return message.modern;
  if (!call->cancel()) return true;
  auto job = [this, call, key, message, line](Client& client) {
    tell_cancelled(client, *call, message, line);
    call->told();
    forget(key, call);
  };
  if (!m_short.post(std::move(job), line.size() + beside_a_line)) call->told();
  return true;
}

// It goes on another connection than the request, and may overtake it even then: so it is said again until that ends.
// What goes on all the same does so without us.
void McpBridge::tell_cancelled(Client& client, Call& call, const McpMessage& message, const std::string& line) {
  call.wait_until_sent(until_sent);
  bool finished = call.wait_until_finished(std::chrono::milliseconds(0));
  for (int i = 0; i < most_tellings && !finished; ++i) {
    tell(client, message, line);
    finished = call.wait_until_finished(until_cancelled);
  }
  call.leave();
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
  m_opening.settle(until);
  m_short.settle(until);
  m_long.settle(until);
  {
    const std::lock_guard held(m_lock);
    m_ending = true;
  }
  m_end.notify_all();
  m_output.end();
  m_session.end();
  m_opening.end();
  m_long.end();
  m_short.end();
  m_listening.end();
  give_back();
}

void McpBridge::give_back() {
  const auto session = m_session.wait();
  if (session.id.empty()) return;
  Client(patient(m_target, longest_farewell)).send(request("DELETE", session.fields()));
}

}  // namespace berth::command

// `berth mcp`: for clients of MCP that start their server and talk to it through pipes.
#include "command/mcp.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "command/commands.hpp"
#include "command/json_reading.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;

namespace {

constexpr std::size_t most_threads = 64;
constexpr std::chrono::hours patience{24};  // tools may take their time; the host ends what must end
constexpr std::chrono::seconds last_answers{10};

// The data of each event, as it comes.
class Events {
 public:
  explicit Events(std::function<void(std::string_view)> show) : m_show(std::move(show)) {}
  void take(std::string_view bytes) {
    m_rest += bytes;
    std::size_t begin = 0;
    for (auto end = m_rest.find('\n'); end != std::string::npos; end = m_rest.find('\n', begin)) {
      std::string_view line(m_rest.data() + begin, end - begin);
      begin = end + 1;
      if (!line.starts_with("data: ") || line.size() == 6) continue;
      m_show(line.substr(6));
    }
    m_rest.erase(0, begin);
  }

 private:
  std::function<void(std::string_view)> m_show;
  std::string m_rest;
};

// As a field can carry it.
std::string field_value(const std::string& text) {
  const bool plain = !text.empty() && text.front() != ' ' && text.back() != ' ' && !text.starts_with("=?base64?") &&
                     std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  return plain ? text : "=?base64?" + service::base64(text) + "?=";
}

}  // namespace

McpRelay::McpRelay(Client::Target target, std::string path) : m_target(std::move(target)), m_path(std::move(path)) {}

McpRelay::~McpRelay() {
  for (auto& thread : m_threads) thread.detach();  // those that still wait end with the process
}

void McpRelay::print(std::string_view message) {
  const std::lock_guard lock(m_output);
  std::cout << message << '\n' << std::flush;
}

void McpRelay::refuse(const std::string& id, const std::string& why) {
  if (id.empty()) return;
  print(R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":{"code":-32603,"message":)" + json(why).dump() + "}}");
}

Client::Request McpRelay::request_for(const json& message, const std::string& body) const {
  Client::Request request{
      "POST", m_path, {{"Content-Type", "application/json"}, {"Accept", "application/json, text/event-stream"}}, body};
  const json params = message.value("params", json::object());
  const json meta = params.is_object() ? params.value("_meta", json::object()) : json::object();
  const std::string version = text_at(meta, "io.modelcontextprotocol/protocolVersion");
  const std::lock_guard lock(m_mutex);
  if (!version.empty()) {
    request.fields.emplace_back("MCP-Protocol-Version", version);
    request.fields.emplace_back("Mcp-Method", text_at(message, "method"));
    auto name = text_at(params, "name");
    if (name.empty()) name = text_at(params, "uri");
    if (!name.empty()) request.fields.emplace_back("Mcp-Name", field_value(name));
    return request;
  }
  if (!m_session.empty()) request.fields.emplace_back("Mcp-Session-Id", m_session);
  if (!m_version.empty()) request.fields.emplace_back("MCP-Protocol-Version", m_version);
  return request;
}

void McpRelay::take(const std::string& line) {
  if (line.find_first_not_of(" \t\r") == std::string::npos) return;
  json message = json_of(line);
  if (!message.is_object())
    return print(R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"a line is one message, a JSON object"}})");
  const std::string method = text_at(message, "method");
  const bool request = !method.empty() && message.contains("id");
  if (method == "notifications/cancelled" && message.value("params", json::object()).is_object()) {
    const std::lock_guard lock(m_mutex);
    if (m_session.empty()) {  // of 2026-07-28: to leave is to cancel
      m_cancelled.insert(message["params"].value("requestId", json()).dump());
      return;
    }
  }
  Job job{line, request ? message["id"].dump() : "", request_for(message, line)};
  if (request && method != "initialize") return submit(std::move(job));
  Client client(m_target);
  const auto answer = client.send(job.request);
  if (!answer) return refuse(job.id, answer.error().message);
  note(*answer, message);
  if (request) tell(*answer, job);
}

// What an initialize agreed on; and once the client is ready, there is somebody to hear what is of no request.
void McpRelay::note(const Client::Answer& answer, const json& message) {
  const std::string method = text_at(message, "method");
  const std::lock_guard lock(m_mutex);
  if (method == "initialize" && answer.status == 200) {
    m_session = answer.field("Mcp-Session-Id");
    m_version = text_at(json_of(answer.body).value("result", json::object()), "protocolVersion");
  }
  if (method != "notifications/initialized" || m_session.empty() || std::exchange(m_listening, true)) return;
  m_threads.emplace_back([this] { listen(); });
}

void McpRelay::listen() {
  Client client(m_target);
  Client::Request request{"GET", m_path, {{"Accept", "text/event-stream"}}};
  {
    const std::lock_guard lock(m_mutex);
    request.fields.emplace_back("Mcp-Session-Id", m_session);
  }
  Events events([this](std::string_view data) { print(data); });
  client.send(request, [&](std::string_view bytes) {
    events.take(bytes);
    return true;
  });
}

void McpRelay::submit(Job job) {
  std::unique_lock lock(m_mutex);
  m_changed.wait(lock, [this] { return m_jobs.size() < 1000; });
  m_jobs.push_back(std::move(job));
  if (m_idle < m_jobs.size() && m_threads.size() < most_threads) m_threads.emplace_back([this] { work(); });
  lock.unlock();
  m_changed.notify_all();
}

void McpRelay::work() {
  Client client(m_target);
  std::unique_lock lock(m_mutex);
  for (;;) {
    ++m_idle;
    m_changed.wait(lock, [this] { return !m_jobs.empty(); });
    --m_idle;
    const Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    ++m_running;
    lock.unlock();
    carry(client, job);
    lock.lock();
    m_cancelled.erase(job.id);
    --m_running;
    m_changed.notify_all();
  }
}

bool McpRelay::stopped(const std::string& id) const {
  const std::lock_guard lock(m_mutex);
  return m_cancelled.contains(id);
}

void McpRelay::carry(Client& client, const Job& job) {
  Events events([this](std::string_view data) { print(data); });
  std::string whole;
  bool stream = false, known = false;
  const auto answer = client.send(job.request, [&](std::string_view bytes) {
    if (!std::exchange(known, true)) stream = !bytes.starts_with('{');
    if (stream)
      events.take(bytes);
    else
      whole += bytes;
    return !stopped(job.id);
  });
  if (stopped(job.id)) return;
  if (!answer) return refuse(job.id, answer.error().message);
  if (stream && answer->status < 400) return;
  Client::Answer told = *answer;
  if (!whole.empty()) told.body = std::move(whole);
  tell(told, job);
}

// An answer of the protocol as it is; a problem of the host's as an error.
void McpRelay::tell(const Client::Answer& answer, const Job& job) {
  const json said = json_of(answer.body);
  if (said.is_object() && said.contains("jsonrpc")) return print(answer.body);
  std::string why = text_at(said, "detail");
  if (why.empty()) why = "the host answered " + std::to_string(answer.status);
  if (const auto hint = text_at(said, "hint"); !hint.empty()) why += "; " + hint;
  refuse(job.id, why);
}

void McpRelay::end() {
  std::unique_lock lock(m_mutex);
  m_changed.wait_for(lock, last_answers, [this] { return m_jobs.empty() && m_running == 0; });
  const std::string session = m_session;
  lock.unlock();
  if (session.empty()) return;
  Client client(m_target);
  client.send({"DELETE", m_path, {{"Mcp-Session-Id", session}}});
}

namespace {

int run_mcp(const Arguments& arguments) {
  auto target = target_of(arguments);
  if (!target) return report(target.error());
  target->patience = patience;
  std::string path =
      arguments.has("--session") ? "/sessions/" + service::percent_encode(arguments.value("--session")) : "";
  path +=
      arguments.has("--group") ? "/servers/" + service::percent_encode(arguments.value("--group")) + "/mcp" : "/mcp";
  if (arguments.has("--tools")) path += "?tools=" + service::percent_encode(arguments.value("--tools"));
  McpRelay relay(*target, path);
  for (std::string line; std::getline(std::cin, line);) relay.take(line);
  relay.end();
  std::cout << std::flush;
  ::_exit(done);  // threads may still wait for a host that has nothing to say
}

}  // namespace

Command mcp_command() {
  std::vector<Option> options{{"--group", "NAME", "one group of tools; GET /servers lists them"},
                              {"--tools", "LIST", "only the tools of these plugins: kernel,shell"},
                              {"--session", "ID", "whose seat; default main"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {"mcp",
          "an MCP server on standard input and output",
          "[options]",
          "For clients that start their servers. A running host does the work; the mcp plugin serves it at /mcp.\n\n"
          "  {\"mcpServers\": {\"berth\": {\"command\": \"berth\", \"args\": [\"mcp\"]}}}\n",
          std::move(options),
          run_mcp};
}

}  // namespace berth::command

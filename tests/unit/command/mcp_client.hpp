// A client of MCP and a host around the bridge between them: the test says what the host does with each request.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "command/mcp_bridge.hpp"
#include "command/mcp_lines.hpp"
#include "unit/command/scripted_host.hpp"

namespace berth::test {

using nlohmann::json;
using namespace std::chrono_literals;

// One request, as the host has it.
struct Asked {
  std::string verb, head;
  json message = json::object();
  std::string field(const std::string& name) const {  // in small letters
    std::string lower = head;
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    const auto at = lower.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
  std::string method() const { return message.value("method", ""); }
};

inline bool is_call(const Asked& asked, const std::string& tool) {
  return asked.method() == "tools/call" && asked.message["params"].value("name", "") == tool;
}
inline json tool(const std::string& name) { return {{"name", name}}; }
inline std::string result(const Asked& asked, json value = json::object()) {
  return json{{"jsonrpc", "2.0"}, {"id", asked.message["id"]}, {"result", std::move(value)}}.dump();
}
inline bool reply(Wire& wire, const Asked& asked, json value = json::object(), const std::string& fields = {}) {
  return wire.send(answer(200, result(asked, std::move(value)), "Content-Type: application/json\r\n" + fields));
}
inline bool begin_events(Wire& wire) {
  return wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
}
// What every host does with these, in the session that it names.
inline bool usual(Wire& wire, const Asked& asked, const std::string& session = "s") {
  if (asked.verb == "DELETE") return wire.send(answer(204, ""));
  if (asked.verb == "GET") return wire.send(answer(405, ""));
  if (asked.method() == "initialize")
    return reply(wire, asked, {{"protocolVersion", "2025-11-25"}}, "Mcp-Session-Id: " + session + "\r\n");
  if (!asked.message.contains("id")) return wire.send(answer(202, ""));
  return reply(wire, asked);
}

// Its script is called for each request; false: the connection ends.
class McpHost : public ScriptedHost {
 public:
  using Answers = std::function<bool(Wire&, const Asked&)>;
  explicit McpHost(Answers answers)
      : ScriptedHost([answers = std::move(answers)](Wire& wire) { serve(wire, answers); }, true) {}

 private:
  static void serve(Wire& wire, const Answers& answers) {
    while (true) {
      Asked asked;
      asked.head = wire.head();
      if (asked.head.empty()) return;
      asked.verb = asked.head.substr(0, asked.head.find(' '));
      const auto length = asked.field("content-length");
      if (!length.empty()) asked.message = json::parse(wire.exactly(std::stoul(length)));
      if (!answers(wire, asked)) return;
    }
  }
};

class McpClient {
 public:
  explicit McpClient(const std::string& url, std::size_t requests = 256)
      : m_pipe(),
        m_output(m_pipe[1], -1, 0ms),
        m_reader([this] { read(); }),
        m_bridge({url, "", "", 10s}, "/mcp", m_output, requests) {}
  ~McpClient() { finish(0ms); }

  void finish(std::chrono::milliseconds linger) {
    m_bridge.finish(linger);
    if (m_pipe[1] >= 0) ::close(std::exchange(m_pipe.ends[1], -1));
    if (m_reader.joinable()) m_reader.join();
  }
  void say(const json& message) { m_bridge.take(message.dump()); }
  void ask(const json& id, const std::string& method, json params = json::object()) {
    say({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
  }
  void ask_modern(const json& id, const std::string& method, json params = json::object()) {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"}};
    ask(id, method, std::move(params));
  }
  void tell(const std::string& method, json params = json::object()) {
    say({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
  }
  void begin() {
    ask("begin", "initialize", {{"protocolVersion", "2025-11-25"}});
    tell("notifications/initialized");
    hear("begin");
  }
  // The answer to that request, or the first message with that method.
  json hear(const json& id_or_method) {
    return until([&](const json& one) {
      return one.is_object() && one.value(one.contains("method") ? "method" : "id", json()) == id_or_method;
    });
  }
  template <class Which>
  json until(Which which) {
    std::unique_lock held(m_lock);
    auto found = m_heard.end();
    const bool came = m_news.wait_for(held, 20s, [&] {
      found = std::find_if(m_heard.begin(), m_heard.end(), which);
      return found != m_heard.end();
    });
    EXPECT_TRUE(came) << json(m_heard).dump(1);
    return came ? *found : json();
  }
  template <class Which>
  bool heard(Which which) {
    const std::lock_guard held(m_lock);
    return std::any_of(m_heard.begin(), m_heard.end(), which);
  }
  std::size_t answers(const json& id) {
    const std::lock_guard held(m_lock);
    return static_cast<std::size_t>(std::count_if(m_heard.begin(), m_heard.end(), [&](const json& one) {
      return one.is_object() && !one.contains("method") && one.value("id", json()) == id;
    }));
  }

 private:
  struct Pipe {
    Pipe() {
      if (::pipe(ends) != 0) throw std::runtime_error("no pipe can be made");
    }
    ~Pipe() { ::close(ends[0]); }
    int operator[](int end) const { return ends[end]; }
    int ends[2];
  };
  void read() {
    command::McpLines lines;
    char block[4096];
    for (ssize_t got; (got = ::read(m_pipe[0], block, sizeof block)) > 0;)
      lines.add({block, static_cast<std::size_t>(got)}, [this](const command::McpLine& line) {
        const std::lock_guard held(m_lock);
        m_heard.push_back(json::parse(line.text));
        m_news.notify_all();
      });
  }

  Pipe m_pipe;
  std::mutex m_lock;
  std::condition_variable m_news;
  std::vector<json> m_heard;
  command::McpOutput m_output;
  std::thread m_reader;
  command::McpBridge m_bridge;
};

}  // namespace berth::test

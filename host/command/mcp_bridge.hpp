// Between a client of MCP that speaks in lines and the host, which speaks Streamable HTTP: each message goes its own
// way, so that none waits behind another.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "command/mcp_answer.hpp"
#include "command/mcp_batch.hpp"
#include "command/mcp_message.hpp"
#include "command/mcp_output.hpp"
#include "command/mcp_session.hpp"
#include "command/mcp_workers.hpp"

namespace berth::command {

class McpBridge {
 public:
  // `requests`: how many are under way at once, fewer than the host lets a session have (64); what is answered at once
  // does not count.
  McpBridge(Client::Target target, std::string path, McpOutput& output, std::size_t requests = 48);
  ~McpBridge() { finish(std::chrono::milliseconds(0)); }

  void take(std::string line);  // a message of the client's; one thread calls this
  // The client says nothing more. What it asked may still be answered for so long; then the session is given back.
  void finish(std::chrono::milliseconds linger);

 private:
  class Call;
  using Sent = std::function<void()>;
  using Outcome = service::Result<Client::Answer>;

  using Batch = std::shared_ptr<McpBatch>;  // null: the message came alone

  void take_one(McpMessage message, std::string line, const Batch& batch);
  void take_batch(const nlohmann::json& messages);
  void refuse_batch(const nlohmann::json& messages);
  void start(McpMessage message, std::string line, const Batch& batch);
  void forget(const std::string& key, const std::shared_ptr<Call>& call);
  void ask(Client& client, Call& call, const McpMessage& message, const std::string& line, const Batch& batch);
  void reply(const Batch& batch, const std::string& answer);
  void tell(Client& client, const McpMessage& message, const std::string& line);
  bool cancel(const McpMessage& message, const std::string& line);
  void tell_cancelled(Client& client, Call& call, const McpMessage& message, const std::string& line);
  void post(const McpMessage& message, std::string line);

  Outcome send(Client& client, const McpMessage& message, const std::string& line, McpAnswer& answer, const Sent& sent);
  Outcome exchange(Client& client, Client::Request request, McpAnswer& answer);
  Client::Request request(std::string method, Fields fields, std::string body = {}) const;
  void follow(Client& client, const Call& call, McpAnswer& answer);
  bool renew(Client& client, const std::string& lost);
  void listen(Client& client);
  std::chrono::milliseconds listen_once(Client& client, std::string& last, std::chrono::milliseconds pause);
  void say(const Outcome& outcome);
  bool rest(std::chrono::milliseconds time);  // false: it is the end
  void give_back();

  const Client::Target m_target;
  const std::string m_path;
  McpOutput& m_output;
  McpSession m_session;
  std::mutex m_lock;  // of what follows
  std::condition_variable m_end;
  std::map<std::string, std::shared_ptr<Call>> m_calls;  // by the id, as JSON
  bool m_ending = false;
  std::atomic<bool> m_reached = true, m_listens = false;
  // Requests; what is answered at once, and must not wait for a place among them; the beginning of a session, which
  // both may wait for; what the host says by itself.
  McpWorkers m_long, m_short, m_opening, m_listening;
};

}  // namespace berth::command

// A client of MCP on standard input and output, joined with a host's HTTP: each line is a message, carried to the host
// by a thread that waits for its answer.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "command/client.hpp"

namespace berth::command {

class McpRelay {
 public:
  McpRelay(Client::Target target, std::string path);
  ~McpRelay();

  void take(const std::string& line);  // in order; returns at once for a request
  void end();                          // no more comes: what is under way has a while to end

 private:
  struct Job {
    std::string body, id;  // id: as JSON text; empty: it is no request
    Client::Request request;
  };
  Client::Request request_for(const nlohmann::json& message, const std::string& body) const;
  void submit(Job job);
  void work();
  void carry(Client& client, const Job& job);
  void listen();
  void note(const Client::Answer& answer, const nlohmann::json& message);
  void tell(const Client::Answer& answer, const Job& job);
  void refuse(const std::string& id, const std::string& why);
  void print(std::string_view message);
  bool stopped(const std::string& id) const;

  const Client::Target m_target;
  const std::string m_path;
  mutable std::mutex m_mutex;  // guards what follows
  std::condition_variable m_changed;
  std::deque<Job> m_jobs;
  std::size_t m_idle = 0, m_running = 0;
  bool m_ending = false, m_listening = false;
  std::set<std::string> m_cancelled;  // ids of requests that their client wants no more
  std::string m_session, m_version;
  std::vector<std::thread> m_threads;
  std::mutex m_output;
};

}  // namespace berth::command

// A small synchronous HTTP client for the commands that talk to a running host: plain, TLS or a Unix socket.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command/arguments.hpp"
#include "service/error.hpp"

namespace berth::command {

class Client {
 public:
  struct Target {
    std::string url;  // http://HOST:PORT, https://HOST:PORT or unix:PATH
    std::string token;
    std::string ca_file;  // for https; empty: the system's
  };
  struct Answer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;
    std::string field(std::string_view name) const;
  };
  struct Request {
    std::string method = "GET", path = "/";
    std::vector<std::pair<std::string, std::string>> fields = {};
    std::string body = {};
    std::string body_file = {};  // sent in its place, in pieces; "-" is standard input
  };
  using Sink = std::function<bool(std::string_view)>;  // false: enough

  explicit Client(Target target);
  ~Client();

  // Error code "unreachable" if there is no host; the status is the answer's own otherwise. With a sink, the body of an
  // answer below 400 goes there as it comes.
  service::Result<Answer> send(const Request& request, const Sink& sink = {});

  // A WebSocket: lines of standard input are messages to it, its messages are lines of standard output. An exit code.
  int converse(const std::string& path);

 private:
  struct Body;
  std::unique_ptr<Body> m_body;
};

// The options that every command with a client has, and the client they describe.
std::vector<Option> client_options();
Client::Target target_of(const Arguments& arguments);

// Says on standard error what a problem answer says; the exit code that fits.
int report(const service::Error& error);
int report_problem(const Client::Answer& answer);

}  // namespace berth::command

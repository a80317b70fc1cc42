// A small HTTP client for the commands that talk to a running host: plain, TLS or a Unix socket. Each call waits for
// its end, and no wait is without a limit. One thread's, but for abandon().
#pragma once

#include <chrono>
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
    std::string url;  // http://HOST:PORT[/PATH], https://HOST:PORT[/PATH] or unix:PATH
    std::string token;
    std::string ca_file = {};                // for https; empty: the system's
    std::chrono::milliseconds patience{0};   // with a host that says nothing; 0: the usual
    std::string certificate = {}, key = {};  // our own, for a host that asks for one
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
    std::string body_file = {};       // sent in its place, in pieces; "-" is standard input
    bool interruptible = false;       // Ctrl-C ends the answer here, as if the sink had had enough
    bool keep = false;                // the connection stays for the next request with this, if the host lets it
    std::function<void()> sent = {};  // called once the host has the whole request
    std::function<void(const Answer&)> head = {};  // called with status and fields, before there is a body
  };
  using Sink = std::function<bool(std::string_view)>;  // false: enough

  explicit Client(Target target);
  ~Client();

  // Error codes: "unreachable" if there is no host, "bad_tls" if TLS fails, "silent" if nothing is said for too long,
  // "stranger" if what answers speaks no HTTP, "cut_off" if it went away before its answer ended, "no_file" if the body
  // cannot be read (the host never sees a whole request then), "abandoned". With a sink, the body of an answer below
  // 400 goes there as it comes.
  service::Result<Answer> send(const Request& request, const Sink& sink = {});

  // From any thread: what send() waits for ends now, and at once whatever it would wait for until renew().
  void abandon();
  void renew();

  // A WebSocket: lines of `input` are messages to it, its messages go to `show`. After the end of the input it is
  // closed once the host has said nothing for `quiet`. With an answer of status 400 or above it was refused.
  struct Conversation {
    std::string path;
    int input = 0;
    std::chrono::milliseconds quiet{1000};
    std::function<void(std::string_view)> show;
  };
  struct Closed {
    Answer answer;
    int code = 0;  // RFC 6455; 0: there was none
    std::string reason;
  };
  service::Result<Closed> converse(const Conversation& conversation);

  struct Body;  // the connection; see client_body.hpp

 private:
  std::unique_ptr<Body> m_body;
};

// The options that every command with a client has, and the client they describe. What is wrong with them is an Error
// of code "bad_option".
std::vector<Option> client_options();
service::Result<Client::Target> target_of(const Arguments& arguments);

// Says on standard error what went wrong or what a problem answer says; the exit code that fits.
int report(const service::Error& error);
int report_problem(const Client::Answer& answer);

}  // namespace berth::command

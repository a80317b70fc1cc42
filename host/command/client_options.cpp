// Where the host is and which token opens it, and how its refusals are told.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/json_reading.hpp"
#include "command/machine.hpp"
#include "command/serve.hpp"
#include "command/url.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

constexpr std::size_t longest_token = 4096;

Error bad_option(const std::string& why) { return {0, "bad_option", why}; }

// The first line; no other character of a token may be one that a header cannot carry.
Result<std::string> token_in(const std::string& text, const std::string& source) {
  const std::string token = text.substr(0, text.find_first_of("\r\n"));
  if (token.size() > longest_token) return bad_option(source + " holds more than a token");
  const bool visible = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (token.empty() || !visible) return bad_option(source + " holds no token");
  return token;
}

Result<std::string> token_in_file(const std::string& file) {
  const auto text = service::read_file(file, longest_token);
  if (!text) return bad_option("the token: " + text.error().message);
  return token_in(*text, file);
}

// The root token of this machine's host is not for strangers: it goes to this machine only, unless --state is given.
Result<std::string> root_token(const Arguments& arguments, const std::string& url) {
  const auto to = parse_url(url);
  if (!arguments.has("--state") && !(to && to->is_this_machine())) return std::string();
  const auto text = service::read_file(arguments.value("--state", default_state()) + "/token", longest_token);
  const std::string token = text ? text->substr(0, text->find_first_of("\r\n")) : std::string();
  if (token.empty() || arguments.has("--state") || to->is_unix) return token;
  // Another user's program may have taken the port; it is not to be given the token of ours.
  const auto owners = listeners_of(static_cast<unsigned>(std::strtoul(to->port.c_str(), nullptr, 10)));
  const bool ours = std::all_of(owners.begin(), owners.end(), [](uid_t one) { return one == 0 || one == ::geteuid(); });
  if (ours) return token;
  return bad_option("what listens at " + url +
                    " belongs to another user, and is not sent this user's root token; name a token with --token-file");
}

Result<std::string> token_of(const Arguments& arguments, const std::string& url) {
  if (arguments.has("--token-file")) return token_in_file(arguments.value("--token-file"));
  if (const auto token = environment("BERTH_TOKEN"); !token.empty()) return token_in(token, "$BERTH_TOKEN");
  if (const auto file = environment("BERTH_TOKEN_FILE"); !file.empty()) return token_in_file(file);
  return root_token(arguments, url);
}

}  // namespace

std::vector<Option> client_options() {
  return {{"--url", "URL",
           "the host: http://HOST:PORT, https://HOST:PORT or unix:PATH; default $BERTH_URL or http://127.0.0.1:8888"},
          {"--token-file", "FILE",
           "the token; default $BERTH_TOKEN, $BERTH_TOKEN_FILE or, for a host on this machine, its root token"},
          {"--state", "DIR", "the state directory whose root token to use, for a host on any machine"},
          {"--cacert", "FILE", "who may sign the host's certificate; default: whom the system trusts"},
          {"--cert", "FILE", "a certificate of our own (PEM), for a host that asks for one"},
          {"--key", "FILE", "its key, if it is not in the same file"},
          {"--timeout", "TIME", "gives up when the host says nothing for so long; default 20min"}};
}

Result<Client::Target> target_of(const Arguments& arguments) {
  Client::Target target{arguments.value("--url", environment("BERTH_URL")), {}, arguments.value("--cacert"), {}};
  if (target.url.empty()) target.url = "http://127.0.0.1:8888";
  auto token = token_of(arguments, target.url);
  if (!token) return token.error();
  target.token = std::move(*token);
  target.certificate = arguments.value("--cert");
  target.key = arguments.value("--key");
  if (arguments.has("--timeout")) {
    const auto time = service::parse_duration(arguments.value("--timeout"));
    if (!time || time->count() < 1) return bad_option("--timeout wants a time, such as 30s or 5min");
    target.patience = *time;
  }
  return target;
}

int report(const Error& error) {
  std::cerr << "berth: " << printable(error.message) << "\n";
  if (!error.hint.empty()) std::cerr << "  " << printable(error.hint) << "\n";
  if (error.code == "bad_option" || error.code == "bad_url") return misused;
  return error.code == "unreachable" ? unreachable : failed;
}

int report_problem(const Client::Answer& answer) {
  const json problem = json_of(answer.body);
  const std::string detail = text_at(problem, "detail", text_at(problem, "title"));
  const std::string code = text_at(problem, "code");
  if (detail.empty()) {
    std::cerr << "berth: the host answered " << answer.status << "\n";
    if (!answer.body.empty()) std::cerr << "  " << printable(answer.body.substr(0, 1000)) << "\n";
  } else {
    std::cerr << "berth: " << printable(detail) << " (" << answer.status << (code.empty() ? "" : " ") << printable(code)
              << ")\n";
  }
  for (const auto& one : list_at(problem, "errors")) {
    std::cerr << "  " << printable(text_at(one, "pointer")) << ": expected " << printable(text_at(one, "expected"))
              << ", got " << printable(text_at(one, "got")) << "\n";
  }
  if (const auto hint = text_at(problem, "hint"); !hint.empty()) std::cerr << "  " << printable(hint) << "\n";
  return answer.status == 401 || answer.status == 403 ? refused : failed;
}

}  // namespace berth::command

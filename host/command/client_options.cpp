// Where the host is and which token opens it, and how its refusals are told.
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command/client.hpp"
#include "command/commands.hpp"
#include "command/serve.hpp"
#include "service/files.hpp"

namespace berth::command {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string first_line(const std::string& file) {
  const auto text = service::read_file(file, 4096);
  return text ? text->substr(0, text->find_first_of("\r\n")) : std::string();
}

std::string token_of(const Arguments& arguments) {
  if (arguments.has("--token-file")) return first_line(arguments.value("--token-file"));
  if (auto token = environment("BERTH_TOKEN"); !token.empty()) return token;
  if (auto file = environment("BERTH_TOKEN_FILE"); !file.empty()) return first_line(file);
  return first_line(arguments.value("--state", default_state()) + "/token");
}

}  // namespace

std::vector<Option> client_options() {
  return {
      {"--url", "URL",
       "the host: http://HOST:PORT, https://HOST:PORT or unix:PATH; default $BERTH_URL or http://127.0.0.1:8888"},
      {"--token-file", "FILE", "the token; default $BERTH_TOKEN, $BERTH_TOKEN_FILE, then the root token of --state"},
      {"--state", "DIR", "the host's state directory"},
      {"--cacert", "FILE", "who may sign the host's certificate"}};
}

Client::Target target_of(const Arguments& arguments) {
  std::string url = arguments.value("--url", environment("BERTH_URL"));
  if (url.empty()) url = "http://127.0.0.1:8888";
  return {url, token_of(arguments), arguments.value("--cacert")};
}

int report(const service::Error& error) {
  std::cerr << "berth: " << error.message << "\n";
  if (!error.hint.empty()) std::cerr << "  " << error.hint << "\n";
  return error.code == "unreachable" ? unreachable : failed;
}

int report_problem(const Client::Answer& answer) {
  const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
  if (!problem.is_object()) {
    std::cerr << "berth: the host answered " << answer.status << "\n" << answer.body << "\n";
  } else {
    std::cerr << "berth: " << problem.value("detail", problem.value("title", "")) << " (" << answer.status << " "
              << problem.value("code", "") << ")\n";
    for (const auto& one : problem.value("errors", nlohmann::json::array())) {
      std::cerr << "  " << one.value("pointer", "") << ": expected " << one.value("expected", "") << ", got "
                << one.value("got", "") << "\n";
    }
    if (problem.contains("hint")) std::cerr << "  " << problem.value("hint", "") << "\n";
  }
  return answer.status == 401 || answer.status == 403 ? refused : failed;
}

}  // namespace berth::command

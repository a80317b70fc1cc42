// `berth replay`: a recording of a session, run again in a fresh one, and what is different now.
#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "command/call_input.hpp"
#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/json_reading.hpp"
#include "service/files.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

constexpr std::uint64_t most_recording = 1u << 30;
constexpr std::size_t most_differences = 20;  // shown of one call

// What `berth call workspace.store.read` gives, the store's own file, or plain records, one a line.
Result<std::vector<json>> read_recording(const std::string& file) {
  auto text = service::read_regular_file(file, most_recording);
  if (!text) return text.error();
  std::vector<json> all;
  const auto add = [&all](const json& one) {
    const json& record = one.is_object() && one.contains("record") ? one["record"] : one;
    if (record.is_object() && record.contains("operation")) all.push_back(record);
  };
  const json whole = json_of(*text);
  if (whole.is_object() && whole.contains("records")) {
    for (const auto& one : list_at(whole, "records")) add(one);
  } else {
    for (std::size_t at = 0; at < text->size();) {
      const std::size_t end = std::min(text->find('\n', at), text->size());
      add(json_of(std::string_view(*text).substr(at, end - at)));
      at = end + 1;
    }
  }
  if (all.empty()) return Error{0, "bad_file", file + " holds no recorded call", "see: berth replay --help"};
  return all;
}

class Replay {
 public:
  Replay(Client& client, std::vector<std::string> ignored) : m_client(client), m_ignored(std::move(ignored)) {}

  std::optional<Error> begin() {
    const auto all = fetch_list(m_client, "/operations", "operations");
    if (!all) return all.error();
    for (const auto& one : *all) m_operations[text_at(one, "name")] = one;
    Client::Request request;
    request.method = "POST";
    request.path = "/sessions";
    request.fields = {{"Content-Type", "application/json"}};
    request.body = "{}";
    const auto made = m_client.send(request);
    if (!made) return made.error();
    const json session = json_of(made->body);
    if (made->status >= 400 || !session.is_object())
      return Error{made->status, "refused", "no session could be made: " + printable(made->body)};
    m_session = text_at(session, "id");
    return std::nullopt;
  }

  // Null: as it was.
  std::optional<std::string> run(const json& record) {
    const auto operation = m_operations.find(text_at(record, "operation"));
    if (operation == m_operations.end()) return "there is no such operation here";
    if (text_at(operation->second, "kind") != "call") return std::nullopt;  // it has no answer that could be compared
    auto request = make_request(operation->second, record.value("input", json::object()));
    if (!request) return request.error().message;
    request->path.insert(0, "/sessions/" + m_session);
    const auto answer = m_client.send(*request);
    if (!answer) return answer.error().message;
    const int before = record.value("status", 200);
    if (answer->status != before)
      return "status " + std::to_string(answer->status) + " and not " + std::to_string(before) + ": " +
             printable(answer->body.substr(0, 500));
    const auto output = record.find("output");
    if (output == record.end() || output->is_null() || before >= 400) return std::nullopt;
    return difference(*output, json_of(answer->body));
  }

  void end(bool keep) {
    if (m_session.empty() || keep) return;
    Client::Request request;
    request.method = "DELETE";
    request.path = "/sessions/" + m_session;
    m_client.send(request);
  }
  const std::string& session() const { return m_session; }

 private:
  std::optional<std::string> difference(const json& before, const json& now) const {
    std::string words;
    std::size_t count = 0;
    for (const auto& one : json::diff(before, now)) {
      const std::string path = text_at(one, "path");
      const auto same = [&](const std::string& ignored) { return path == ignored || path.starts_with(ignored + "/"); };
      if (std::any_of(m_ignored.begin(), m_ignored.end(), same) || ++count > most_differences) continue;
      const std::string what = text_at(one, "op");
      words += (words.empty() ? "" : "; ") + path +
               (what == "remove" ? " is gone"
                : what == "add"  ? " is new"
                                 : " is now ");
      if (what == "replace") words += one["value"].dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 200);
    }
    if (count == 0) return std::nullopt;
    return printable(words);
  }

  Client& m_client;
  const std::vector<std::string> m_ignored;
  std::map<std::string, json> m_operations;
  std::string m_session;
};

int run_replay(const Arguments& arguments) {
  if (arguments.rest().size() != 1) {
    std::cerr << "berth: replay takes one file; see: berth replay --help\n";
    return misused;
  }
  const auto records = read_recording(arguments.rest()[0]);
  if (!records) return report(records.error());
  const auto target = target_of(arguments);
  if (!target) return report(target.error());
  Client client(*target);
  Replay replay(client, arguments.values("--ignore"));
  if (const auto error = replay.begin()) return report(*error);
  std::size_t number = 0, different = 0;
  for (const auto& record : *records) {
    const auto words = replay.run(record);
    ++number;
    if (!words) continue;
    ++different;
    std::cout << number << " " << printable(text_at(record, "operation")) << ": " << *words << "\n";
  }
  std::cout << records->size() << (records->size() == 1 ? " call, " : " calls, ") << different << " different";
  if (arguments.has("--keep")) std::cout << "; session " << replay.session();
  std::cout << "\n";
  replay.end(arguments.has("--keep"));
  return different == 0 ? done : failed;
}

}  // namespace

Command replay_command() {
  std::vector<Option> options{
      {"--ignore", "POINTER", "a part of answers that may differ, such as /seconds; may be given again"},
      {"--keep", "", "leave the session there"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {
      "replay",
      "runs a recorded session again and says what is different",
      "FILE [options]",
      "FILE is what the policy `record` has kept:\n\n"
      "  berth call workspace.store.read --session ID store=recording --json > FILE\n"
      "  berth replay FILE --ignore /seconds\n\n"
      "The calls run in a session of their own, in their order; only those with an answer of one piece are compared.\n",
      std::move(options),
      run_replay};
}

}  // namespace berth::command

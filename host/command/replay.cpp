// `berth replay`: a recording of a session, run again in a fresh one, and what is different now. An agent may have
// written what the recording says, so each call is made with the token of that session alone: the caller's own token
// makes it and deletes it.
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
#include "command/recording.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;

namespace {

constexpr std::size_t most_differences = 20;  // shown of one call
const std::vector<std::string> never_alike{"/id",
                                           "/timing_ms"};  // what a cell or command is called, and how long it took

// The fresh session: there as long as this is.
class FreshSession {
 public:
  FreshSession(const Client::Target& target, bool keep) : m_target(target), m_client(target), m_keep(keep) {}
  FreshSession(const FreshSession&) = delete;
  ~FreshSession() {
    if (m_id.empty() || m_keep) return;
    const auto gone = m_client.send({"DELETE", path()});
    if (!gone || gone->status >= 400)
      std::cerr << "berth: the session " << printable(m_id)
                << " could not be deleted: " << printable(gone ? gone->body : gone.error().message) << "\n";
  }

  std::optional<Error> make() {
    Client::Request request{"POST", "/sessions", {{"Content-Type", "application/json"}}, R"({"scope":"run"})"};
    const auto made = m_client.send(request);
    if (!made) return made.error();
    const json session = json_of(made->body);
    m_id = text_at(session, "id");
    m_target.token = text_at(session, "token");
    if (made->status < 400 && !m_id.empty() && !m_target.token.empty()) return std::nullopt;
    return Error{made->status, "refused", "no session could be made: " + printable(made->body)};
  }

  Client& owner() { return m_client; }
  const Client::Target& inside() const { return m_target; }  // as the session itself
  std::string path() const { return "/sessions/" + service::percent_encode(m_id); }
  const std::string& id() const { return m_id; }

 private:
  Client::Target m_target;
  Client m_client;
  const bool m_keep;
  std::string m_id;
};

std::string difference(const json& before, const json& now, const std::vector<std::string>& ignored) {
  std::string words;
  std::size_t count = 0;
  for (const auto& one : json::diff(before, now)) {
    const std::string path = text_at(one, "path");
    const auto same = [&](const std::string& other) { return path == other || path.starts_with(other + "/"); };
    if (std::any_of(ignored.begin(), ignored.end(), same) || ++count > most_differences) continue;
    const std::string what = text_at(one, "op");
    words += (words.empty() ? "" : "; ") + path +
             (what == "remove" ? " is gone"
              : what == "add"  ? " is new"
                               : " is now ");
    if (what == "replace") words += one["value"].dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 200);
  }
  return printable(words);
}

struct Outcome {
  enum class Kind { same, different, not_run } kind = Kind::same;
  std::string words = {};
};

class Replay {
 public:
  Replay(FreshSession& session, std::vector<json> operations, std::vector<std::string> ignored)
      : m_path(session.path()), m_client(session.inside()), m_ignored(std::move(ignored)) {
    for (auto& one : operations) {
      std::string name = text_at(one, "name");
      m_operations.emplace(std::move(name), std::move(one));
    }
  }

  Outcome run(const RecordedCall& call) {
    using Kind = Outcome::Kind;
    const auto operation = m_operations.find(call.operation);
    if (operation == m_operations.end()) return {Kind::different, "there is no such operation here"};
    const std::string kind = text_at(operation->second, "kind");
    if (kind != "call") return {Kind::not_run, "its kind is " + printable(kind)};
    if (call.left_out) return {Kind::not_run, "its input was too large to be recorded"};
    auto request = make_request(operation->second, call.input);
    if (!request) return {Kind::different, printable(request.error().message)};
    request->path.insert(0, m_path);
    const auto answer = m_client.send(*request);
    if (!answer) return {Kind::different, printable(answer.error().message)};
    if (answer->status != call.status)
      return {Kind::different, "status " + std::to_string(answer->status) + " and not " + std::to_string(call.status) +
                                   ": " + printable(answer->body.substr(0, 500))};
    if (!call.output || call.status >= 400) return {};
    std::string words = difference(*call.output, json_of(answer->body), m_ignored);
    return {words.empty() ? Kind::same : Kind::different, std::move(words)};
  }

 private:
  const std::string m_path;
  Client m_client;
  const std::vector<std::string> m_ignored;
  std::map<std::string, json> m_operations;
};

int run_all(const std::vector<RecordedCall>& calls, Replay& replay, const std::string& kept) {
  std::size_t number = 0, different = 0, not_run = 0;
  for (const auto& call : calls) {
    const auto outcome = replay.run(call);
    ++number;
    if (outcome.kind == Outcome::Kind::same) continue;
    const bool left = outcome.kind == Outcome::Kind::not_run;
    ++(left ? not_run : different);
    std::cout << number << " " << printable(call.operation) << ": " << (left ? "not run: " : "") << outcome.words
              << "\n";
  }
  std::cout << calls.size() << (calls.size() == 1 ? " call, " : " calls, ") << different << " different, " << not_run
            << " not run";
  if (!kept.empty()) std::cout << "; session " << printable(kept);
  std::cout << "\n";
  return different == 0 ? done : failed;
}

int run_replay(const Arguments& arguments) {
  if (arguments.rest().size() != 1) {
    std::cerr << "berth: replay takes one file; see: berth replay --help\n";
    return misused;
  }
  const auto calls = read_recording(arguments.rest()[0]);
  if (!calls) return report(calls.error());
  const auto target = target_of(arguments);
  if (!target) return report(target.error());
  FreshSession session(*target, arguments.has("--keep"));
  const auto operations = fetch_list(session.owner(), "/operations", "operations");
  if (!operations) return report_list_error(operations.error());
  if (const auto error = session.make()) return report(*error);
  auto ignored = arguments.values("--ignore");
  ignored.insert(ignored.end(), never_alike.begin(), never_alike.end());
  Replay replay(session, operations->get<std::vector<json>>(), std::move(ignored));
  return run_all(*calls, replay, arguments.has("--keep") ? session.id() : std::string());
}

}  // namespace

Command replay_command() {
  std::vector<Option> options{
      {"--ignore", "POINTER", "a part of answers that may differ, besides /id and /timing_ms; may be given again"},
      {"--keep", "", "leave the session there"}};
  for (auto& option : client_options()) options.push_back(std::move(option));
  return {
      "replay",
      "runs a recorded session again and says what is different",
      "FILE [options]",
      "FILE is what the policy `record` has kept:\n\n"
      "  berth call workspace.store.read --session ID store=recording count=1000 --json > FILE\n"
      "  berth replay FILE\n\n"
      "If that answer has `next`, there is more: add it with from=N and >> FILE. A file that is cut is refused.\n\n"
      "The calls run in a session of their own, in their order, with that session's token: a recording may hold what\n"
      "an agent wrote, and reaches nothing but that session; what wants the scope admin is refused, and so different.\n"
      "The token given here makes that session and deletes it, for which it has to be one of scope admin. Streams,\n"
      "sockets, uploads and downloads are not run, nor calls whose input was too large to be kept; they are counted.\n",
      std::move(options),
      run_replay};
}

}  // namespace berth::command

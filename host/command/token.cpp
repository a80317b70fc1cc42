// `berth token`: makes, lists and revokes tokens in the state directory; a running host notices by itself.
#include <iostream>

#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/serve.hpp"
#include "service/files.hpp"
#include "service/text.hpp"
#include "session/seat_files.hpp"
#include "session/tokens.hpp"

namespace berth::command {

namespace {

int misuse(const std::string& why) {
  std::cerr << "berth: " << why << "; see: berth token --help\n";
  return misused;
}

// A token that opens nothing is a slip of the pen. Where no host has kept sessions yet nothing is known of them.
std::optional<service::Error> check_session(const std::string& state, const std::string& name) {
  const auto records = session::recorded_sessions(state);
  if (!records || name == session::main_name) return std::nullopt;
  std::vector<std::string> names{std::string(session::main_name)};
  for (const auto& record : *records) {
    if (record.id == name) return std::nullopt;
    names.push_back(record.id);
  }
  const auto near = service::near_names(name, names, 1);
  return service::Error{
      404, "session_not_found", "there is no session " + name,
      near.empty() ? "make it first: berth call sessions.create id=" + name : "did you mean " + near.front() + "?"};
}

int create(const Arguments& arguments, session::TokenStore& store, const std::string& name) {
  const auto scope = session::parse_scope(arguments.value("--scope", "read"));
  if (!scope) return misuse("--scope is read, run or admin");
  std::optional<std::string> seat;
  if (arguments.has("--session")) seat = arguments.value("--session");
  if (seat) {
    if (auto error = check_session(arguments.value("--state", default_state()), *seat)) return report(*error);
  }
  std::optional<std::chrono::seconds> lives;
  if (arguments.has("--expires")) {
    const auto time = service::parse_duration(arguments.value("--expires"));
    if (!time || *time < std::chrono::seconds(1)) return misuse("--expires wants a time, such as 12h or 30d");
    lives = std::chrono::duration_cast<std::chrono::seconds>(*time);
  }
  const auto made = store.create(name, *scope, seat, lives);
  if (!made) return report(made.error());
  std::cout << made->secret << std::endl;
  std::cerr << "token " << name << ", scope " << session::name_of(*scope) << (seat ? ", session " + *seat : "")
            << (made->token.expires.empty() ? "" : ", until " + made->token.expires) << "; it is shown this once\n";
  return done;
}

int print_tokens(session::TokenStore& store) {
  const auto all = store.list();
  if (!all) return report(all.error());
  std::vector<Row> rows;
  for (const auto& token : *all) {
    rows.push_back({token.name, std::string(session::name_of(token.scope)), token.session.value_or("any"),
                    token.created.empty() ? "-" : token.created, token.expires.empty() ? "never" : token.expires});
  }
  print_table({"TOKEN", "SCOPE", "SESSION", "CREATED", "EXPIRES"}, rows);
  return done;
}

int run_token(const Arguments& arguments) {
  const auto& words = arguments.rest();
  const bool known =
      words.size() == 2 ? words[0] == "create" || words[0] == "revoke" : words.size() == 1 && words[0] == "list";
  if (!known) return misuse("token wants `create NAME`, `list` or `revoke NAME`");
  const std::string state = arguments.value("--state", default_state());
  if (words[0] == "create") {
    if (auto error = service::make_directory(state)) return report(*error);
  }
  const service::Clock clock;
  session::TokenStore store({state + "/tokens.json"}, clock);
  for (const auto& record : session::recorded_sessions(state).value_or(std::vector<session::Record>())) {
    if (!record.sha256.empty()) store.lend(record.token());
  }
  if (words[0] == "list") return print_tokens(store);
  if (words[0] == "create") return create(arguments, store, words[1]);
  if (auto error = store.revoke(words[1])) return report(*error);
  std::cerr << "revoked " << words[1] << "\n";
  return done;
}

}  // namespace

Command token_command() {
  return {"token",
          "makes, lists and revokes tokens",
          "create NAME|list|revoke NAME [options]",
          "create prints the secret on standard output, once. A running host takes and refuses tokens within a moment "
          "of a change.\n\n"
          "  berth token create ci --scope run --expires 30d\n"
          "  berth token list\n"
          "  berth token revoke ci\n",
          {{"--scope", "SCOPE", "read (default), run or admin"},
           {"--session", "ID", "good for this session alone"},
           {"--expires", "TIME", "such as 12h or 30d; default never"},
           {"--state", "DIR", "the host's state directory; default " + default_state()}},
          run_token};
}

}  // namespace berth::command

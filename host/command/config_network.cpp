// allow = { … } beside a session's network = "proxy", or in a plugin's jail: where programs may go.
#include "command/config_statements.hpp"

namespace berth::command {

using nlohmann::json;
using service::proxy::AllowList;

namespace {

constexpr const char* form =
    "allow wants names: { \"wiki.example\", \"*.books.example:443\", { \"mirror.example:8080\", private = true }, { "
    "\"127.0.0.1:3000\", own = true } }";

void read_name(AllowList& into, const Statement& statement, const json& name, bool inside, bool own = false) {
  if (!name.is_string()) return statement.complain(form, "allow");
  auto entry = AllowList::parse(name.get<std::string>(), inside, own);
  if (entry) return into.add(std::move(*entry));
  const auto& error = entry.error();
  statement.complain("allow: " + error.message + (error.hint.empty() ? "" : "; " + error.hint), "allow");
}

// { "NAME", …, private = true, own = true }
void read_names(AllowList& into, const Statement& statement, const json& given) {
  statement.check_keys(given, {"", "private", "own"});
  if (!given.contains("")) return statement.complain(form, "allow");
  const bool inside = statement.boolean(given, "private", false);
  const bool own = statement.boolean(given, "own", false);
  for (const json& name : given[""]) read_name(into, statement, name, inside, own);
}

}  // namespace

void read_allow(AllowList& into, const Statement& statement, const json& given) {
  if (given.is_object() && given.empty()) return;  // an empty list
  if (given.is_object()) return read_names(into, statement, given);
  if (!given.is_array()) return read_name(into, statement, given, false);
  for (const json& one : given)
    one.is_object() ? read_names(into, statement, one) : read_name(into, statement, one, false);
}

}  // namespace berth::command

// allow = { … } beside a session's network = "proxy": where its programs may go.
#include "command/config_statements.hpp"

namespace berth::command {

using nlohmann::json;
using service::proxy::AllowList;

namespace {

constexpr const char* form =
    "allow wants names: { \"wiki.example\", \"*.books.example:443\", { \"mirror.example:8080\", private = true } }";

void read_name(AllowList& into, const Statement& statement, const json& name, bool inside) {
  if (!name.is_string()) return statement.complain(form, "allow");
  auto entry = AllowList::parse(name.get<std::string>(), inside);
  if (entry) return into.add(std::move(*entry));
  const auto& error = entry.error();
  statement.complain("allow: " + error.message + (error.hint.empty() ? "" : "; " + error.hint), "allow");
}

// { "NAME", …, private = true }
void read_names(AllowList& into, const Statement& statement, const json& given) {
  statement.check_keys(given, {"", "private"});
  if (!given.contains("")) return statement.complain(form, "allow");
  const bool inside = statement.boolean(given, "private", false);
  for (const json& name : given[""]) read_name(into, statement, name, inside);
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

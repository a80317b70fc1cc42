// token { … } and policy { … }: who may come in, and what may be called.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <initializer_list>
#include <optional>

#include "command/config_statements.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using Values = std::vector<json>;

namespace {

constexpr std::size_t shortest_secret = 16;
constexpr double most_rate = 1'000'000;
constexpr const char* name_form = "1 to 64 of a-z 0-9 . _ -";

// As the store of tokens has it, so that the same names are good everywhere.
bool is_name(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= 64 && text.find_first_not_of(letters) == std::string_view::npos;
}

// The secret out of the file or the environment; nullopt: there is none, and that was complained of.
std::optional<std::string> read_hash(const Statement& statement, const json& given) {
  const char* key = given.contains("secret_file") ? "secret_file" : "secret_env";
  const std::string source = statement.text(given, key);
  if (source.empty()) {
    if (given[key].is_string()) statement.complain(std::string(key) + " is empty", key);
    return std::nullopt;
  }
  if (given.contains("secret_file")) {
    const auto text = service::read_file(resolved(statement, source), 4096);
    if (text) return *text;
    statement.complain("secret_file: " + text.error().message, key);
    return std::nullopt;
  }
  if (const char* value = std::getenv(source.c_str())) return value;
  statement.complain("the environment has no " + source, key);
  return std::nullopt;
}

// What a client could send: the ends are trimmed, as they are of the host's own token file.
std::string hash_of(const Statement& statement, const json& given) {
  const auto read = read_hash(statement, given);
  if (!read) return {};
  constexpr const char* space = " \t\r\n";
  const auto begin = std::min(read->find_first_not_of(space), read->size());
  const std::string secret = read->substr(begin, read->find_last_not_of(space) + 1 - begin);
  const bool visible = std::all_of(secret.begin(), secret.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (secret.size() >= shortest_secret && visible) return service::hex(service::sha256(secret));
  statement.complain("a token's secret has 16 visible characters or more",
                     given.contains("secret_file") ? "secret_file" : "secret_env");
  return {};
}

std::string read_sha256(const Statement& statement, const json& given) {
  std::string text = statement.text(given, "sha256");
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  const bool hex = text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (hex) return text;
  statement.complain("sha256 wants 64 digits of 0-9 a-f: printf %s SECRET | sha256sum", "sha256");
  return {};
}

// "2030-01-31" is the beginning of that day.
std::string read_expiry(const Statement& statement, const json& given) {
  if (!given.contains("expires")) return {};
  std::string text = statement.text(given, "expires");
  if (text.size() == 10) text += "T00:00:00Z";
  if (const auto at = service::parse_time(text)) return service::format_time(*at);
  statement.complain("expires must be a moment such as \"2030-01-31\" or \"2030-01-31T12:00:00Z\"", "expires");
  return {};
}

bool read_count(const std::string& text, double& count) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count, std::chars_format::fixed);
  return failed == std::errc{} && end == text.data() + text.size() && count > 0 && count <= most_rate;
}

bool read_rate(const std::string& text, double& per_second) {
  const auto slash = text.find('/');
  double count = 0;
  if (slash == std::string::npos || !read_count(text.substr(0, slash), count)) return false;
  const std::string unit = text.substr(slash + 1);
  const double seconds = unit == "s" ? 1 : unit == "min" ? 60 : unit == "h" ? 3600 : 0;
  if (seconds == 0) return false;
  per_second = count / seconds;
  return true;
}

int stated(const json& given, std::initializer_list<const char*> keys) {
  return static_cast<int>(
      std::count_if(keys.begin(), keys.end(), [&](const char* key) { return given.contains(key); }));
}

std::optional<session::Scope> read_scope(const Statement& statement, const json& given) {
  const auto scope = session::parse_scope(given["scope"].is_string() ? given["scope"].get<std::string>() : "");
  if (!scope) statement.complain("scope must be \"read\", \"run\" or \"admin\"", "scope");
  return scope;
}

void read_verdict(policy::Rule& rule, const Statement& statement, const json& given) {
  rule.deny = statement.text(given, "deny");
  if (given.contains("scope")) rule.scope = read_scope(statement, given);
  if (given.contains("deny") && rule.deny.empty()) statement.complain("deny wants the reason as a text", "deny");
  const bool rate = given.contains("rate");
  if (rate && !(given["rate"].is_string() && read_rate(given["rate"].get<std::string>(), rule.per_second)))
    statement.complain("rate must be a count for each s, min or h, such as \"10/s\"", "rate");
  rule.burst = std::max(1.0, rule.per_second);
  if (!given.contains("burst")) return;
  if (!rate) statement.complain("burst belongs to a rate", "burst");
  const json& burst = given["burst"];
  if (burst.is_number() && burst.get<double>() >= 1 && burst.get<double>() <= most_rate)
    rule.burst = burst;
  else
    statement.complain("burst must be a number from 1 to 1000000", "burst");
}

}  // namespace

std::string read_token(Config& config, const Statement& statement, const Values& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "token wants a table: token { name = …, scope = …, secret_file = … }";
  statement.check_keys(*given, {"name", "scope", "session", "sha256", "secret_file", "secret_env", "expires"});
  session::Token one;
  one.name = statement.text(*given, "name");
  if (one.name == "root") statement.complain("the name root belongs to the host's own token", "name");
  if (session::TokenStore::is_of_session(one.name)) statement.complain(session::TokenStore::why_not_of_session, "name");
  if (!is_name(one.name)) statement.complain(std::string("a token wants a name: ") + name_form, "name");
  if (given->contains("scope")) one.scope = read_scope(statement, *given).value_or(session::Scope::read);
  if (given->contains("session")) one.session = statement.text(*given, "session");
  if (one.session && !is_name(*one.session))
    statement.complain(std::string("session wants a name: ") + name_form, "session");
  one.expires = read_expiry(statement, *given);
  if (stated(*given, {"sha256", "secret_file", "secret_env"}) != 1)
    return "a token wants one of sha256, secret_file and secret_env";
  one.sha256 = given->contains("sha256") ? read_sha256(statement, *given) : hash_of(statement, *given);
  for (const auto& other : config.tokens) {
    if (other.name == one.name) return "there is another token named \"" + one.name + "\"";
    if (other.sha256 == one.sha256 && !one.sha256.empty())
      return "the token \"" + other.name + "\" has the same secret";
  }
  config.tokens.push_back(std::move(one));
  return "";
}

std::string read_policy(Config& config, const Statement& statement, const Values& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "policy wants a table: policy { match = \"clock.*\", deny = \"…\" }";
  statement.check_keys(*given, {"match", "deny", "scope", "rate", "burst"});
  policy::Rule rule;
  rule.where = statement.where();
  if (given->contains("match")) rule.match = statement.text(*given, "match");
  if (rule.match.empty()) statement.complain("match wants an operation's name; * stands for anything", "match");
  if (stated(*given, {"deny", "scope", "rate"}) != 1) return "a policy wants one of deny, scope and rate";
  read_verdict(rule, statement, *given);
  config.rules.push_back(std::move(rule));
  return "";
}

}  // namespace berth::command

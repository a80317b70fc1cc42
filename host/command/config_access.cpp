// token { … } and policy { … }: who may come in, and what may be called.
#include <algorithm>
#include <cstdlib>

#include "command/config_statements.hpp"
#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using Arguments = std::vector<json>;

namespace {

std::string secret_of(const Statement& statement, const json& given) {
  std::string secret;
  if (given.contains("secret_file")) {
    const std::string path = readable(statement, given, "secret_file");
    const auto text = service::read_file(path, 4096);
    if (text) secret = *text;
  } else if (given.contains("secret_env")) {
    const std::string name = statement.text(given, "secret_env");
    const char* value = std::getenv(name.c_str());
    if (value)
      secret = value;
    else
      statement.complain("the environment has no " + name, "secret_env");
  }
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  return secret;
}

bool read_rate(const std::string& text, double& per_second) {
  const auto slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || text.find_first_not_of("0123456789.") != slash) return false;
  const double count = std::atof(text.substr(0, slash).c_str());
  const std::string unit = text.substr(slash + 1);
  const double seconds = unit == "s" ? 1 : unit == "min" ? 60 : unit == "h" ? 3600 : 0;
  if (count <= 0 || seconds == 0) return false;
  per_second = count / seconds;
  return true;
}

}  // namespace

std::string read_token(Config& config, const Statement& statement, const Arguments& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "token wants a table: token { name = …, scope = …, secret_file = … }";
  statement.check_keys(*given, {"name", "scope", "session", "sha256", "secret_file", "secret_env", "expires"});
  session::Token one;
  one.name = statement.text(*given, "name");
  if (one.name.empty() || one.name == "root") return "a token wants a name other than \"root\"";
  const auto scope = session::parse_scope(given->contains("scope") ? statement.text(*given, "scope") : "read");
  if (!scope) return "scope must be \"read\", \"run\" or \"admin\"";
  one.scope = *scope;
  if (given->contains("session")) one.session = statement.text(*given, "session");
  one.expires = statement.text(*given, "expires");
  const int ways =
      int(given->contains("sha256")) + int(given->contains("secret_file")) + int(given->contains("secret_env"));
  if (ways != 1) return "a token wants one of sha256, secret_file and secret_env";
  one.sha256 = statement.text(*given, "sha256");
  if (one.sha256.empty()) {
    const std::string secret = secret_of(statement, *given);
    if (secret.size() < 16) return "a token's secret has 16 characters or more";
    one.sha256 = service::hex(service::sha256(secret));
  }
  const bool hex = one.sha256.size() == 64 && one.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hex) return "sha256 wants 64 digits of 0-9 a-f";
  for (const auto& other : config.tokens) {
    if (other.name == one.name) return "there is another token named \"" + one.name + "\"";
  }
  config.tokens.push_back(std::move(one));
  return "";
}

std::string read_policy(Config& config, const Statement& statement, const Arguments& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "policy wants a table: policy { match = \"clock.*\", deny = \"…\" }";
  statement.check_keys(*given, {"match", "deny", "scope", "rate", "burst"});
  policy::Rule rule;
  rule.where = statement.where();
  if (given->contains("match")) rule.match = statement.text(*given, "match");
  rule.deny = statement.text(*given, "deny");
  const int verdicts = int(given->contains("deny")) + int(given->contains("scope")) + int(given->contains("rate"));
  if (verdicts != 1) return "a policy wants one of deny, scope and rate";
  if (given->contains("scope")) {
    rule.scope = session::parse_scope(statement.text(*given, "scope"));
    if (!rule.scope) statement.complain("scope must be \"read\", \"run\" or \"admin\"", "scope");
  }
  if (given->contains("deny") && rule.deny.empty()) statement.complain("deny wants the reason as a text", "deny");
  if (given->contains("rate") && !read_rate(statement.text(*given, "rate"), rule.per_second)) {
    statement.complain("rate must be a count for each s, min or h, such as \"10/s\"", "rate");
  }
  rule.burst = std::max(1.0, rule.per_second);
  if (given->contains("burst")) {
    if ((*given)["burst"].is_number() && (*given)["burst"].get<double>() >= 1)
      rule.burst = (*given)["burst"];
    else
      statement.complain("burst must be a number from 1", "burst");
  }
  config.rules.push_back(std::move(rule));
  return "";
}

}  // namespace berth::command

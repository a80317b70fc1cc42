// trust { … }: whose plugins may be loaded.
#include <filesystem>

#include "command/config_statements.hpp"
#include "loader/field_reader.hpp"
#include "service/digest.hpp"
#include "service/files.hpp"

namespace berth::command {

using nlohmann::json;
using Values = std::vector<json>;
using loader::TrustRules;

namespace {

constexpr std::uint64_t most_key = 4096;
constexpr std::string_view digest_mark = "sha256:";

std::vector<std::string> texts_at(const Statement& statement, const json& given, const char* key) {
  std::vector<std::string> all;
  if (!given.contains(key)) return all;
  const std::string wrong = read_texts(all, key, {given[key]});
  if (!wrong.empty()) statement.complain(wrong, key);
  return all;
}

void read_key(TrustRules& trust, const Statement& statement, const std::string& file) {
  const std::string path = resolved(statement, file);
  auto key = read_public_key(path);
  if (key)
    trust.keys.push_back(std::move(*key));
  else
    statement.complain("keys: " + key.error().message + (key.error().hint.empty() ? "" : "; " + key.error().hint),
                       "keys");
}

void read_signed(TrustRules& trust, const Statement& statement, const json& given) {
  if (!given.contains("signed") || given["signed"] == false) return;
  const json& how = given["signed"];
  if (how == "all")
    trust.must_be_signed = TrustRules::Signed::all;
  else if (how == "third-party")
    trust.must_be_signed = TrustRules::Signed::third_party;
  else
    return statement.complain("signed must be \"all\", \"third-party\" or false", "signed");
  if (!given.contains("keys") || given["keys"].empty())
    statement.complain("signed wants keys, since without any no signature is good: keys = { \"vendor.pub\" }",
                       "signed");
}

bool is_allowable(const std::string& one) {
  if (!one.starts_with(digest_mark)) return loader::is_word(one);
  return service::is_digest(std::string_view(one).substr(digest_mark.size()));
}

void read_allow(TrustRules& trust, const Statement& statement, const json& given) {
  if (!given.contains("allow")) return;
  trust.allow.emplace();
  for (auto& one : texts_at(statement, given, "allow")) {
    if (!is_allowable(one))
      statement.complain("allow: \"" + one + "\" is no plugin's name (a-z 0-9 _) and no sha256:<64 digits of 0-9 a-f>",
                         "allow");
    trust.allow->insert(std::move(one));
  }
}

}  // namespace

service::Result<loader::TrustedKey> read_public_key(const std::string& file) {
  const auto text = service::read_regular_file(file, most_key);
  if (!text) return text.error();
  const auto key = service::PublicKey::from_pem(*text);
  if (key) return loader::TrustedKey{std::filesystem::path(file).stem().string(), *key};
  const bool secret = text->find("PRIVATE KEY") != std::string::npos;
  return service::Error{500, "bad_key", file + " is no Ed25519 public key in PEM",
                        secret ? "that is the private one; name the .pub beside it" : "berth plugin keygen makes one"};
}

std::string read_trust(Config& config, const Statement& statement, const Values& arguments) {
  const json* given = only_table(arguments);
  if (!given) return "trust wants a table: trust { keys = { \"vendor.pub\" }, signed = \"third-party\" }";
  TrustRules& trust = config.trust;
  if (!trust.where.empty()) return "trust is stated twice; first in " + trust.where;
  trust.where = statement.where();
  statement.check_keys(*given, {"keys", "signed", "allow"});
  for (const auto& file : texts_at(statement, *given, "keys")) read_key(trust, statement, file);
  read_signed(trust, statement, *given);
  read_allow(trust, statement, *given);
  return "";
}

}  // namespace berth::command

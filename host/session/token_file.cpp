// A file that people may edit and that decides who comes in: everything in it is checked, and the complaint names the
// token. The lock is a file of its own, since the other one is replaced at each change.
#include "session/token_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>
#include <system_error>
#include <thread>

#include "service/digest.hpp"
#include "service/files.hpp"
#include "service/text.hpp"
#include "service/unique_fd.hpp"

namespace berth::session {
namespace {

using nlohmann::json;
using service::Error;
using service::Result;
using service::UniqueFd;

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

// A member that must be text; missing and null are "".
std::optional<std::string> text_of(const json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || at->is_null()) return std::string();
  if (!at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

// The token, or what is wrong with it.
Result<Token> parse_token(const json& one) {
  const auto wrong = [](const char* what) { return Error{500, "bad_tokens", what}; };
  if (!one.is_object()) return wrong("is no object");
  const auto name = text_of(one, "name"), scope_name = text_of(one, "scope"), session = text_of(one, "session");
  const auto hash = text_of(one, "sha256"), created = text_of(one, "created"), expires = text_of(one, "expires");
  if (!name || !scope_name || !session || !hash || !created || !expires) return wrong("has a member that is not text");
  const auto scope = parse_scope(*scope_name);
  if (name->empty()) return wrong("has no name");
  if (!scope) return wrong("has a scope other than read, run and admin");
  if (!service::is_digest(*hash)) return wrong("has a sha256 that is not 64 hex digits");
  if (!expires->empty() && !service::parse_time(*expires)) {
    return wrong("has an expiry that is not like 2026-01-31T12:00:00Z");
  }
  Token token{*name, *scope, std::nullopt, *hash, *created, *expires};
  if (!session->empty()) token.session = *session;
  return token;
}

Error broken(const std::string& path, const std::string& what) {
  return Error{500, "bad_tokens", "the token file " + path + " cannot be used: " + what,
               "correct it, or move it away and make the tokens anew with berth token create"};
}

Result<TokenFile::Tokens> parse(const std::string& path, const std::string& content) {
  const json all = json::parse(content, nullptr, false);
  if (all.is_discarded()) return broken(path, "it is not JSON");
  const auto list = all.is_object() ? all.find("tokens") : all.end();
  if (!all.is_object() || list == all.end() || !list->is_array()) return broken(path, "it has no list \"tokens\"");
  TokenFile::Tokens tokens;
  for (const json& one : *list) {
    auto token = parse_token(one);
    if (!token) return broken(path, "token " + std::to_string(tokens.size() + 1) + ' ' + token.error().message);
    const bool twice = std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) { return t.name == token->name; });
    if (twice) return broken(path, "the name \"" + token->name + "\" stands there twice");
    tokens.push_back(std::move(*token));
  }
  return tokens;
}

std::string to_text(const TokenFile::Tokens& tokens) {
  json list = json::array();
  for (const Token& token : tokens) {
    json one = {{"name", token.name}, {"scope", name_of(token.scope)}, {"sha256", token.sha256}};
    one["created"] = token.created;
    if (token.session) one["session"] = *token.session;
    if (!token.expires.empty()) one["expires"] = token.expires;
    list.push_back(std::move(one));
  }
  return json{{"tokens", std::move(list)}}.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

// Held until the descriptor is closed. Whoever holds it needs milliseconds; ten seconds are a stuck process.
Result<UniqueFd> lock(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  int number = file ? 0 : errno;
  for (int attempt = 0; number == 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0; ++attempt) {
    if (errno != EWOULDBLOCK && errno != EINTR) number = errno;
    if (attempt == 2000) number = ETIMEDOUT;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (number == 0) return file;
  return Error{500, "no_lock", "cannot lock " + path + ": " + std::generic_category().message(number),
               "check that the folder is there and yours; --state names another"};
}

}  // namespace

FileStamp stamp_of(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return {};
  return {true, about.st_dev, about.st_ino, about.st_size, nanoseconds(about.st_mtim), nanoseconds(about.st_ctim)};
}

Result<TokenFile::Tokens> TokenFile::read() const {
  const auto content = service::read_file(m_path);
  if (content) return parse(m_path, *content);
  if (content.error().code == "no_file") return Tokens{};
  return content.error();
}

std::optional<Error> TokenFile::update(const Change& change) const {
  const auto held = lock(m_path + ".lock");
  if (!held) return held.error();
  auto tokens = read();
  if (!tokens) return tokens.error();
  const auto outcome = change(*tokens);
  if (!outcome) return outcome.error();
  if (*outcome == Outcome::same) return std::nullopt;
  return service::write_file(m_path, to_text(*tokens));
}

}  // namespace berth::session

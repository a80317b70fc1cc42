// The tokens in force. A presented secret is looked up by its SHA-256: whoever measures how long that takes learns
// about hashes, and cannot choose them. The set changes with the file, with berth.lua and with the hour.
#include "session/tokens.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "service/files.hpp"
#include "service/text.hpp"
#include "session/root_secret.hpp"
#include "session/token_file.hpp"

namespace berth::session {
namespace {

using service::Error;
using service::Result;

constexpr std::chrono::milliseconds look_again{100};
constexpr std::chrono::seconds longest_life{100LL * 366 * 86400};
constexpr std::string_view root_name = "root";
constexpr std::string_view secret_prefix = "berth_";

bool is_name(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= 64 && text.find_first_not_of(letters) == std::string_view::npos;
}

std::string hash_of(std::string_view secret) { return service::hex(service::sha256(secret)); }

// When it ends; an expiry that nobody can read has passed.
std::optional<service::Clock::WallMoment> end_of(const Token& token) {
  if (token.expires.empty()) return std::nullopt;
  return service::parse_time(token.expires).value_or(service::Clock::WallMoment::min());
}

std::optional<Error> check(const Token& token, std::optional<std::chrono::seconds> lives) {
  if (!is_name(token.name)) {
    return Error{422, "invalid_input", "a token's name is 1 to 64 of a-z 0-9 . _ -", "choose another name"};
  }
  if (token.name == root_name) {
    return Error{409, "name_taken", "the name root belongs to the token that the host makes itself",
                 "choose another name"};
  }
  if (TokenStore::is_of_session(token.name)) {
    return Error{409, "name_taken", TokenStore::why_not_of_session, "choose another name"};
  }
  if (token.scope == Scope::open) {
    return Error{422, "invalid_input", "a token's scope is read, run or admin"};
  }
  if (token.session && !is_name(*token.session)) {
    return Error{422, "invalid_input", "a session's name is 1 to 64 of a-z 0-9 . _ -"};
  }
  if (lives && (*lives <= std::chrono::seconds(0) || *lives > longest_life)) {
    return Error{422, "invalid_input", "a token lives from 1 second to 100 years",
                 "without a limit it does not expire"};
  }
  return std::nullopt;
}

auto named(std::string_view name) {
  return [name](const Token& token) { return token.name == name; };
}

}  // namespace

std::optional<Scope> parse_scope(std::string_view text) {
  for (const Scope scope : {Scope::read, Scope::run, Scope::admin}) {
    if (text == name_of(scope)) return scope;
  }
  return std::nullopt;
}

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::read: return "read";
    case Scope::run: return "run";
    case Scope::admin: return "admin";
    default: return "open";
  }
}

struct TokenStore::Body {
  Body(Options options, const service::Clock& time)
      : file(std::move(options.file)), clock(time), fixed(std::move(options.fixed)) {}

  void look();
  void index();
  void enter(const Token& token);            // into the index
  std::vector<Token> copy_of_fixed() const;  // and of those lent
  std::optional<Error> update(const TokenFile::Change& change);

  const TokenFile file;
  const service::Clock& clock;
  mutable std::mutex mutex;  // of all below
  std::vector<Token> fixed, tokens, lent;
  std::unordered_map<std::string, Identity> by_hash;
  std::optional<service::Clock::WallMoment> next_end;
  std::optional<service::Clock::Moment> looked;  // none: look now
  std::optional<FileStamp> stamp;
  std::uint64_t generation = 1;
};

// A file that cannot be read leaves the last good set in force; `berth token list` says what is wrong with it.
void TokenStore::Body::look() {
  const auto now = clock.recent();
  bool stale = next_end && clock.wall() >= *next_end;
  if (!looked || now - *looked >= look_again) {
    looked = now;
    const FileStamp fresh = stamp_of(file.path());
    if (!stamp || fresh != *stamp) {
      stamp = fresh;  // taken before reading: a change while we read is seen next time
      auto read = file.read();
      if (read) tokens = std::move(*read);
      stale = true;
    }
  }
  if (stale) index();
}

void TokenStore::Body::index() {
  by_hash.clear();
  next_end.reset();
  for (const auto* list : {&fixed, &tokens, &lent})
    for (const Token& token : *list) enter(token);
  ++generation;
}

void TokenStore::Body::enter(const Token& token) {
  const auto end = end_of(token);
  if (end && *end <= clock.wall()) return;
  if (end) next_end = std::min(end.value(), next_end.value_or(*end));
  by_hash.emplace(token.sha256, Identity{token.name, token.scope, token.session});
}

std::vector<Token> TokenStore::Body::copy_of_fixed() const {
  const std::lock_guard lock(mutex);
  auto all = fixed;
  all.insert(all.end(), lent.begin(), lent.end());
  return all;
}

std::optional<Error> TokenStore::Body::update(const TokenFile::Change& change) {
  auto error = file.update(change);
  const std::lock_guard lock(mutex);
  looked.reset();
  look();
  return error;
}

TokenStore::TokenStore(Options options, const service::Clock& clock)
    : m_body(std::make_unique<Body>(std::move(options), clock)) {
  const std::lock_guard lock(m_body->mutex);
  m_body->look();
}
TokenStore::~TokenStore() = default;

std::optional<Identity> TokenStore::find(std::string_view secret) {
  const std::string hash = hash_of(secret);
  const std::lock_guard lock(m_body->mutex);
  m_body->look();
  auto found = m_body->by_hash.find(hash);
  if (found == m_body->by_hash.end()) {
    m_body->looked.reset();  // it may have been made a moment ago
    m_body->look();
    found = m_body->by_hash.find(hash);
  }
  if (found == m_body->by_hash.end()) return std::nullopt;
  return found->second;
}

std::uint64_t TokenStore::generation() {
  const std::lock_guard lock(m_body->mutex);
  m_body->look();
  return m_body->generation;
}

void TokenStore::replace_fixed(std::vector<Token> fixed) {
  const std::lock_guard lock(m_body->mutex);
  m_body->fixed = std::move(fixed);
  m_body->index();
}

std::string TokenStore::make_secret() { return std::string(secret_prefix) + service::random_token(); }

void TokenStore::lend(Token token) {
  const std::lock_guard lock(m_body->mutex);
  m_body->enter(token);
  ++m_body->generation;
  m_body->lent.push_back(std::move(token));
}

void TokenStore::withdraw(std::string_view session) {
  const std::lock_guard lock(m_body->mutex);
  std::erase_if(m_body->lent, [&](const Token& token) { return token.session == session; });
  m_body->index();
}

std::optional<Error> TokenStore::revoke_of(const std::string& session) {
  return m_body->update([&](TokenFile::Tokens& all) -> Result<TokenFile::Outcome> {
    const auto count = std::erase_if(all, [&](const Token& token) { return token.session == session; });
    return count > 0 ? TokenFile::Outcome::changed : TokenFile::Outcome::same;
  });
}

Result<TokenStore::Created> TokenStore::create(std::string name, Scope scope, std::optional<std::string> session,
                                               std::optional<std::chrono::seconds> lives) {
  const auto now = m_body->clock.wall();
  const std::string secret = make_secret();
  Token token{std::move(name), scope, std::move(session), hash_of(secret), service::format_time(now), {}};
  if (auto error = check(token, lives)) return std::move(*error);
  if (lives) token.expires = service::format_time(now + *lives);
  const std::vector<Token> fixed = m_body->copy_of_fixed();
  auto error = m_body->update([&](TokenFile::Tokens& all) -> Result<TokenFile::Outcome> {
    std::erase_if(all, [&](const Token& old) { return old.name == token.name && end_of(old) && *end_of(old) <= now; });
    const bool taken = std::any_of(all.begin(), all.end(), named(token.name)) ||
                       std::any_of(fixed.begin(), fixed.end(), named(token.name));
    if (taken) {
      return Error{409, "name_taken", "there is a token named " + token.name + " already",
                   "choose another name, or revoke that one first"};
    }
    all.push_back(token);
    return TokenFile::Outcome::changed;
  });
  if (error) return std::move(*error);
  return Created{std::move(token), secret};
}

Result<std::vector<Token>> TokenStore::list() {
  auto tokens = m_body->file.read();
  if (!tokens) return tokens.error();
  const std::vector<Token> fixed = m_body->copy_of_fixed();
  tokens->insert(tokens->end(), fixed.begin(), fixed.end());
  return tokens;
}

std::optional<Error> TokenStore::revoke(std::string_view name) {
  const std::vector<Token> fixed = m_body->copy_of_fixed();
  const auto given = std::find_if(fixed.begin(), fixed.end(), named(name));
  if (given != fixed.end() && given->session && name == name_for(*given->session)) {
    return Error{409, "session_token", "the token " + std::string(name) + " lives and dies with its session",
                 "berth call sessions.delete id=" + *given->session};
  }
  if (std::any_of(fixed.begin(), fixed.end(), named(name))) {
    return Error{409, "fixed_token", "the token " + std::string(name) + " stands in berth.lua",
                 "take it out there, then send the host a SIGHUP"};
  }
  if (name == root_name) {
    return Error{409, "root_token",
                 "the root token comes from the host's token file and would be back at the next start",
                 "delete that file (STATE/token) and restart the host: it makes a new one and refuses the old"};
  }
  return m_body->update([&](TokenFile::Tokens& all) -> Result<TokenFile::Outcome> {
    if (std::erase_if(all, named(name)) > 0) return TokenFile::Outcome::changed;
    std::vector<std::string> names;
    for (const Token& token : all) names.push_back(token.name);
    const auto near = service::near_names(name, names, 1);
    return Error{404, "token_not_found", "there is no token named " + std::string(name),
                 near.empty() ? "berth token list shows what there is" : "did you mean " + near.front() + "?"};
  });
}

Result<bool> TokenStore::ensure_root(const std::string& secret_file) {
  bool made = false;
  auto error = m_body->update([&](TokenFile::Tokens& all) -> Result<TokenFile::Outcome> {
    auto secret = read_secret(secret_file);
    if (!secret) return secret.error();
    if (secret->empty()) {
      *secret = make_secret();
      if (auto unwritten = service::write_file(secret_file, *secret + '\n')) return std::move(*unwritten);
      made = true;
    }
    const std::string now = service::format_time(m_body->clock.wall());
    Token root{std::string(root_name), Scope::admin, std::nullopt, hash_of(*secret), now, {}};
    const auto old = std::find_if(all.begin(), all.end(), named(root_name));
    const bool same = old != all.end() && old->sha256 == root.sha256 && old->scope == root.scope && !old->session &&
                      old->expires.empty();
    if (same) return TokenFile::Outcome::same;
    std::erase_if(all, named(root_name));
    all.insert(all.begin(), std::move(root));
    return TokenFile::Outcome::changed;
  });
  if (error) return std::move(*error);
  return made;
}

}  // namespace berth::session

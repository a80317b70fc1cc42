// Tokens in a file of their own, under a lock, looked up by the hash of their secret.
#include "session/tokens.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "service/files.hpp"
#include "service/text.hpp"
#include "service/unique_fd.hpp"

namespace berth::session {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

constexpr std::chrono::milliseconds look_again{100};
constexpr const char* root_name = "root";
constexpr std::string_view secret_prefix = "berth_";

bool good_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
}

std::string hash_of(std::string_view secret) { return service::hex(service::sha256(secret)); }

json to_json(const Token& token) {
  json out{{"name", token.name}, {"scope", name_of(token.scope)}, {"sha256", token.sha256}, {"created", token.created}};
  if (token.session) out["session"] = *token.session;
  if (!token.expires.empty()) out["expires"] = token.expires;
  return out;
}

std::optional<Token> from_json(const json& one) {
  if (!one.is_object()) return std::nullopt;
  const auto text = [&](const char* key) { return one.contains(key) && one[key].is_string() ? one[key].get<std::string>() : std::string(); };
  const auto scope = parse_scope(text("scope"));
  Token token{text("name"), scope.value_or(Scope::read), std::nullopt, text("sha256"), text("created"), text("expires")};
  if (!scope || token.name.empty() || token.sha256.size() != 64) return std::nullopt;
  if (one.contains("session")) token.session = text("session");
  return token;
}

Result<std::vector<Token>> parse(const std::string& file, const std::string& text) {
  const Error broken{500, "bad_tokens", file + " is not a list of tokens", "remove the file and make the tokens anew with berth token create"};
  const auto all = json::parse(text, nullptr, false);
  if (!all.is_object() || !all.contains("tokens") || !all["tokens"].is_array()) return broken;
  std::vector<Token> tokens;
  for (const auto& one : all["tokens"]) {
    auto token = from_json(one);
    if (!token) return broken;
    tokens.push_back(std::move(*token));
  }
  return tokens;
}

// The stamp of a file: another one means another content.
struct Stamp {
  ino_t inode = 0;
  off_t size = -1;
  timespec time{};
  bool operator==(const Stamp& o) const {
    return inode == o.inode && size == o.size && time.tv_sec == o.time.tv_sec && time.tv_nsec == o.time.tv_nsec;
  }
};

Stamp stamp_of(const std::string& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  return {info.st_ino, info.st_size, info.st_mtim};
}

}  // namespace

std::optional<Scope> parse_scope(std::string_view text) {
  if (text == "read") return Scope::read;
  if (text == "run") return Scope::run;
  if (text == "admin") return Scope::admin;
  return std::nullopt;
}

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::open: return "open";
    case Scope::read: return "read";
    case Scope::run: return "run";
    case Scope::admin: return "admin";
  }
  return "open";
}

struct TokenStore::Body {
  Body(Options o, const service::Clock& c) : options(std::move(o)), clock(c) {}

  Options options;
  const service::Clock& clock;
  std::mutex mutex;  // guards what follows
  std::vector<Token> tokens;
  std::unordered_map<std::string, Token> by_hash;
  Stamp stamp;
  bool looked = false;
  service::Clock::Moment next_look{};
  std::string next_expiry;
  std::uint64_t generation = 1;

  void index() {
    by_hash.clear();
    next_expiry.clear();
    const std::string now = service::format_time(clock.wall());
    for (const auto* list : {&options.fixed, &tokens}) {
      for (const Token& token : *list) {
        if (!token.expires.empty() && token.expires <= now) continue;
        if (!token.expires.empty() && (next_expiry.empty() || token.expires < next_expiry)) next_expiry = token.expires;
        by_hash.emplace(token.sha256, token);
      }
    }
    ++generation;
  }

  // A file that cannot be read leaves the last good tokens in force.
  void look() {
    const auto now = clock.now();
    if (looked && now < next_look) return;
    next_look = now + look_again;
    const Stamp fresh = stamp_of(options.file);
    const bool expired = !next_expiry.empty() && service::format_time(clock.wall()) >= next_expiry;
    if (looked && fresh == stamp && !expired) return;
    if (!looked || !(fresh == stamp)) reload(fresh);
    looked = true;
    index();
  }

  void reload(const Stamp& fresh) {
    stamp = fresh;
    if (fresh.size < 0) {
      tokens.clear();
      return;
    }
    const auto text = service::read_file(options.file);
    if (!text) return;
    auto parsed = parse(options.file, *text);
    if (parsed) tokens = std::move(*parsed);
  }

  // Reads, changes and writes the file under a lock that other processes respect.
  template <class Change>
  std::optional<Error> update(Change change) {
    const service::UniqueFd lock(::open((options.file + ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
    if (!lock || ::flock(lock.get(), LOCK_EX) != 0) {
      return Error{500, "no_state", "the tokens beside " + options.file + " cannot be locked", "is the state directory writable? see --state"};
    }
    std::vector<Token> current;
    if (stamp_of(options.file).size >= 0) {
      const auto text = service::read_file(options.file);
      if (!text) return text.error();
      auto parsed = parse(options.file, *text);
      if (!parsed) return parsed.error();
      current = std::move(*parsed);
    }
    if (auto error = change(current)) return error;
    json all = json::array();
    for (const Token& token : current) all.push_back(to_json(token));
    if (auto error = service::write_file(options.file, json{{"tokens", std::move(all)}}.dump(2) + "\n")) return error;
    const std::lock_guard guard(mutex);
    looked = false;
    return std::nullopt;
  }
};

TokenStore::TokenStore(Options options, const service::Clock& clock) : m_body(std::make_unique<Body>(std::move(options), clock)) {}
TokenStore::~TokenStore() = default;

std::optional<Identity> TokenStore::find(std::string_view secret) {
  const std::string hash = hash_of(secret);
  const std::lock_guard lock(m_body->mutex);
  m_body->look();
  const auto at = m_body->by_hash.find(hash);
  if (at == m_body->by_hash.end()) return std::nullopt;
  return Identity{at->second.name, at->second.scope, at->second.session};
}

std::uint64_t TokenStore::generation() {
  const std::lock_guard lock(m_body->mutex);
  m_body->look();
  return m_body->generation;
}

void TokenStore::replace_fixed(std::vector<Token> fixed) {
  const std::lock_guard lock(m_body->mutex);
  m_body->options.fixed = std::move(fixed);
  m_body->index();
}

Result<TokenStore::Created> TokenStore::create(std::string name, Scope scope, std::optional<std::string> session,
                                               std::optional<std::chrono::seconds> lives) {
  if (!good_name(name)) {
    return Error{422, "bad_name", "a token's name is 1 to 64 of a-z 0-9 . _ -", "choose another name"};
  }
  if (scope == Scope::open) return Error{422, "bad_scope", "a token's scope is read, run or admin"};
  const std::string secret = std::string(secret_prefix) + service::random_token();
  const auto now = m_body->clock.wall();
  Token token{std::move(name), scope, std::move(session), hash_of(secret), service::format_time(now),
              lives ? service::format_time(now + *lives) : std::string()};
  auto failed = m_body->update([&](std::vector<Token>& all) -> std::optional<Error> {
    if (std::any_of(all.begin(), all.end(), [&](const Token& other) { return other.name == token.name; })) {
      return Error{409, "name_taken", "there is a token named " + token.name, "revoke it first, or choose another name"};
    }
    all.push_back(token);
    return std::nullopt;
  });
  if (failed) return *failed;
  return Created{std::move(token), secret};
}

Result<std::vector<Token>> TokenStore::list() {
  std::vector<Token> all;
  const bool there = stamp_of(m_body->options.file).size >= 0;
  if (there) {
    const auto text = service::read_file(m_body->options.file);
    if (!text) return text.error();
    auto parsed = parse(m_body->options.file, *text);
    if (!parsed) return parsed.error();
    all = std::move(*parsed);
  }
  all.insert(all.end(), m_body->options.fixed.begin(), m_body->options.fixed.end());
  return all;
}

std::optional<Error> TokenStore::revoke(std::string_view name) {
  if (name == root_name) {
    return Error{409, "root_token", "the root token is what the token file says", "delete the token file and start berth serve again: it makes a new one"};
  }
  return m_body->update([&](std::vector<Token>& all) -> std::optional<Error> {
    if (std::erase_if(all, [&](const Token& token) { return token.name == name; }) > 0) return std::nullopt;
    std::vector<std::string> names;
    for (const Token& token : all) names.push_back(token.name);
    Error error{404, "no_token", "there is no token named " + std::string(name), "berth token list shows what there is"};
    const auto near = service::near_names(name, names);
    if (!near.empty()) error.hint = "did you mean " + near.front() + "?";
    return error;
  });
}

Result<bool> TokenStore::ensure_root(const std::string& secret_file) {
  std::string secret;
  const bool there = stamp_of(secret_file).size >= 0;
  if (there) {
    const auto text = service::read_file(secret_file, 4096);
    if (!text) return text.error();
    secret = *text;
    while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r' || secret.back() == ' ')) secret.pop_back();
    if (secret.size() < 16) return Error{500, "bad_token_file", secret_file + " holds no token of 16 characters or more", "delete it: the next start makes a good one"};
  } else {
    secret = std::string(secret_prefix) + service::random_token();
    if (auto error = service::write_file(secret_file, secret + "\n")) return *error;
  }
  const std::string hash = hash_of(secret);
  auto failed = m_body->update([&](std::vector<Token>& all) -> std::optional<Error> {
    std::erase_if(all, [](const Token& token) { return token.name == root_name; });
    all.insert(all.begin(), {root_name, Scope::admin, std::nullopt, hash, service::format_time(m_body->clock.wall()), {}});
    return std::nullopt;
  });
  if (failed) return *failed;
  return !there;
}

}  // namespace berth::session

// Who may come in: bearer tokens, kept as SHA-256 in a file that `berth token` and the host share. The host looks at
// the file again when it changes, so a revoked token is refused at once, without a restart.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/clock.hpp"
#include "service/error.hpp"

namespace berth::session {

// `open` is what needs no token at all: probes and the front page. No token has it.
enum class Scope { open, read, run, admin };
std::optional<Scope> parse_scope(std::string_view text);
std::string_view name_of(Scope scope);

struct Identity {
  std::string name;  // the token's name; empty: nobody
  Scope scope = Scope::open;
  std::optional<std::string> session;  // bound to this one
};

struct Token {
  std::string name;  // unique
  Scope scope = Scope::read;
  std::optional<std::string> session;
  std::string sha256;            // hex
  std::string created, expires;  // ISO 8601; expires may be empty
};

class TokenStore {
 public:
  struct Options {
    std::string file;               // STATE/tokens.json, 0600
    std::vector<Token> fixed = {};  // from berth.lua; never written
  };
  TokenStore(Options options, const service::Clock& clock);
  ~TokenStore();

  // The identity behind a presented secret, or nullopt. Looks at the file's stamp at most every 100 ms.
  std::optional<Identity> find(std::string_view secret);
  // Changes whenever a token came, went or expired: what was found before counts no more.
  std::uint64_t generation();

  void replace_fixed(std::vector<Token> fixed);  // after berth.lua was read again
  // Those that live and die with their sessions, whose records keep them.
  void lend(Token token);
  void withdraw(std::string_view session);
  static std::string name_for(std::string_view session) { return "session." + std::string(session); }
  static bool is_of_session(std::string_view name) { return name.starts_with(name_for("")); }
  static constexpr const char* why_not_of_session = "names that begin with session. are those of sessions' own tokens";
  static std::string make_secret();

  struct Created {
    Token token;
    std::string secret;  // shown once, never stored
  };
  service::Result<Created> create(std::string name, Scope scope, std::optional<std::string> session,
                                  std::optional<std::chrono::seconds> lives);
  service::Result<std::vector<Token>> list();
  std::optional<service::Error> revoke(std::string_view name);
  // All that are for that session alone, but for those in berth.lua.
  std::optional<service::Error> revoke_of(const std::string& session);
  // First start: a token "root" of scope admin, whose secret is also put into `secret_file` (0600) if that file is not
  // there. If it is there, the token is made to match what the file says. Returns true if a new secret was made.
  service::Result<bool> ensure_root(const std::string& secret_file);

 private:
  struct Body;
  std::unique_ptr<Body> m_body;
};

}  // namespace berth::session

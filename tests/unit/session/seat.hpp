// A folder with tokens, a clock that moves when told, and a store over both.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "../service/folder.hpp"
#include "service/text.hpp"
#include "session/tokens.hpp"

namespace berth::test {

using session::Scope;
using session::Token;
using session::TokenStore;

struct Seat {
  std::string file() const { return folder.file("tokens.json"); }
  std::string secret_file() const { return folder.file("token"); }
  TokenStore::Created make(TokenStore& from, const std::string& name, std::optional<std::chrono::seconds> lives = {}) {
    auto created = from.create(name, Scope::run, std::nullopt, lives);
    if (!created) throw std::runtime_error(created.error().message);
    return *created;
  }

  Folder folder;
  service::ManualClock clock;
  TokenStore store{{file()}, clock};
};

inline Token fixed_token(const std::string& name, const std::string& secret, const std::string& expires = "") {
  return {name, Scope::read, std::nullopt, service::hex(service::sha256(secret)), "", expires};
}

}  // namespace berth::test

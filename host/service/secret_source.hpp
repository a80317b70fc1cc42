// Where an operator keeps a secret, and how it is fetched: a file that is nobody else's, the environment as it was when
// the host started, or what a program says.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "service/error.hpp"
#include "service/secret.hpp"

namespace berth::service {

struct SecretSource {  // one of the three
  std::string file = {}, env = {};
  std::vector<std::string> command = {};

  bool operator==(const SecretSource&) const = default;
};
using SecretSources = std::map<std::string, SecretSource>;

// What the environment held for it, taken out of it, so that no child inherits it. Kept for the next instance.
class SecretEnvironment {
 public:
  void take(const SecretSources& sources);  // before there are other threads
  // Of sources that are named later: the variable stays, empty, since other threads may read the environment.
  void take_later(const SecretSources& sources);
  const Secret* find(const std::string& name) const;  // any thread; stays where it is

 private:
  char* keep(const std::string& variable);

  mutable std::mutex m_mutex;
  SecretSet m_taken;
};

constexpr std::size_t longest_secret = 64u << 10;

// Why files of them would not do, by the secret's name: what can be said without reading one or being the host's user.
std::map<std::string, Error> bad_secret_files(const SecretSources& sources);

// All of them, or why one cannot be had; without a line's end. Runs commands: blocks, but never longer than `patience`
// for each.
Result<SecretSet> fetch_secrets(const SecretSources& sources, const SecretEnvironment& environment,
                                std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace berth::service

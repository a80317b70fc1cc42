// Where an operator keeps a secret, and how it is fetched: a file that is nobody else's, the environment as it was when
// the host started, or what a program says.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "service/error.hpp"
#include "service/secret.hpp"

namespace berth::service {

struct SecretSource {  // one of the three
  std::string file = {}, env = {};
  std::vector<std::string> command = {};
};
using SecretSources = std::map<std::string, SecretSource>;

// What the environment held for it, taken out of it, so that no child inherits it.
class SecretEnvironment {
 public:
  void take(const SecretSources& sources);  // before there are other threads
  const Secret* find(const std::string& name) const;

 private:
  SecretSet m_taken;
};

constexpr std::size_t longest_secret = 64u << 10;

// All of them, or why one cannot be had; without a line's end. Runs commands: blocks, but never longer than `patience`
// for each.
Result<SecretSet> fetch_secrets(const SecretSources& sources, const SecretEnvironment& environment,
                                std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace berth::service

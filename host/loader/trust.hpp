// Which plugins may be loaded: what `trust` in berth.lua demands, and what the signature beside a plugin is worth.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "loader/finder.hpp"
#include "service/error.hpp"
#include "service/signing.hpp"

namespace berth::loader {

struct TrustedKey {
  std::string name;  // "vendor" of vendor.pub
  service::PublicKey key;
};

struct TrustRules {
  enum class Signed { none, third_party, all };

  std::vector<TrustedKey> keys;
  Signed must_be_signed = Signed::none;
  std::optional<std::set<std::string>> allow;  // names and "sha256:<64 digits>"; nullopt: whatever is found
  std::string where;                           // "berth.lua:7"
};

struct Signature {
  std::string by;       // "vendor 0123456789abcdef" if it is good
  std::string why_not;  // otherwise
};

// NAME.berth.sig: over the bytes of NAME.berth.json, whose sha256 covers the library.
std::string signature_file(const Found& found);
std::string make_signature(std::string_view manifest_text, const service::PrivateKey& key);  // the text of that file
Signature read_signature(const Found& found, const std::vector<TrustedKey>& keys);

std::optional<std::string> not_allowed(const Found& found, const TrustRules& rules);  // the reason
std::optional<service::Error> not_trusted(const Found& found, const Signature& signature, const TrustRules& rules);

}  // namespace berth::loader

// Which services a plugin is lent, and what it may call: what it declares, as far as berth.lua or the defaults grant
// it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "loader/manifest.hpp"
#include "service/error.hpp"
#include "session/tokens.hpp"

namespace berth::loader {

struct Grants {                                    // as berth.lua states them; null: it says nothing
  std::optional<std::set<std::string>> services;   // "events", "jobs"
  std::optional<std::vector<std::string>> scopes;  // "read", "clock.*"

  bool operator==(const Grants&) const = default;
};

// Of the calls that a plugin makes.
struct Rights {
  session::Scope scope = session::Scope::open;
  std::vector<std::string> operations = {};  // globs; none: every one
  bool cover(std::string_view operation) const;
};

// The ids of what it is lent, or why it cannot be loaded, with the line for berth.lua.
service::Result<std::set<std::string>> services_of(const Manifest& manifest, bool first_party, const Grants& grants);
Rights rights_of(bool first_party, const Grants& grants);

}  // namespace berth::loader

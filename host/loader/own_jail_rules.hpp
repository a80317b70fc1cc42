// What a plugin's own jail is to be: as its manifest wishes, and as berth.lua says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/error.hpp"
#include "service/proxy/allow_list.hpp"

namespace berth::loader {

struct JailWish {            // of a manifest
  std::uint64_t memory = 0;  // 0: the usual
  bool nests = false;        // its programs confine processes of their own
  std::vector<std::string> allow = {};
  bool asks() const { return nests || !allow.empty(); }
};

struct JailGrants {  // of berth.lua; null: it says nothing
  std::optional<std::uint64_t> memory = {};
  std::optional<bool> nests = {};
  std::optional<service::proxy::AllowList> allow = {};
  bool operator==(const JailGrants&) const = default;
};

struct OwnJailRules {
  std::uint64_t memory = 2'000'000'000;
  bool nests = false;
  std::optional<service::proxy::AllowList> allow = {};  // null: no network
};

// The host's own plugins have what they wish, unless berth.lua says otherwise; others want it said. An Error names the
// line that is missing.
service::Result<OwnJailRules> own_jail_rules(const std::string& plugin, const JailWish& wish, bool first_party,
                                             const JailGrants& grants);

}  // namespace berth::loader

// What a request target names, in one canonical spelling: hostile spellings end here.
#pragma once

#include <string>
#include <string_view>

#include "service/error.hpp"

namespace berth::edge {

struct Target {
  std::string path;       // "/clock/now": absolute, no empty or dot segments, escapes only where needed, no last slash
  std::string query;      // raw, without '?'
  std::string session;    // of a /sessions/{id}/… prefix, which path no longer has, or of a path about it; else empty
  std::string prefix;     // that the path no longer has: "/sessions/{id}", or empty
  std::string token;      // of a /token/{token}/… prefix, of which nothing else tells any more; else empty
  std::string authority;  // of an absolute-form target; else empty
  bool asterisk = false;  // "*"
};

service::Result<Target> parse_target(std::string_view method, std::string_view text);

// Of a target that cannot be read, what may stand in a log: no query, and nothing where a token may be.
std::string_view unread_target(std::string_view text);

}  // namespace berth::edge

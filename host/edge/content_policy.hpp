// What a browser may do with what plugins and their users made, if it takes it for a page.
#pragma once

#include <string_view>

#include "loader/provider.hpp"

namespace berth::edge {

// What a user stored must not run as a page of this host: it could take the token of whoever looks at it.
constexpr std::string_view default_policy = "sandbox; default-src 'none'";
// A page of a plugin's web site runs its own scripts, but in no origin: what this host keeps in the browser is not its,
// and it can connect to nothing.
constexpr std::string_view page_policy =
    "sandbox allow-scripts allow-modals allow-popups allow-downloads; default-src 'none'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; worker-src blob:; "
    "connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

inline std::string_view policy_of(const loader::Head& what) {
  if (!what.content_policy.empty()) return what.content_policy;
  return what.page ? page_policy : default_policy;
}

}  // namespace berth::edge

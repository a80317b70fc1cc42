// The page at /docs: every operation, to read and to try. Self-contained: it loads nothing but this host's own
// /openapi.json.
#pragma once

#include <string>
#include <string_view>

namespace berth::routing {

std::string_view docs_html();
std::string docs_csp();  // allows this page's own script and style by their hashes, and nothing else

}  // namespace berth::routing

// Resources that operations of this host are, though their declarations do not say so: files of the workspace, and what
// a kernel knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "message.hpp"

namespace mcp {

struct Source {
  const char *uri, *operation, *name, *title, *about, *type;
  Json (*input)(const Json& fields);    // what its template's fields say
  Json (*content)(const Json& answer);  // {text} or {blob}, and maybe another mimeType
};
const std::vector<Source>& sources();

std::string percent_decoded(std::string_view uri);

inline constexpr std::string_view workspace_uri = "file:///workspace";  // its files are beneath

}  // namespace mcp

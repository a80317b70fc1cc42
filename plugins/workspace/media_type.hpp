// What a file is to a browser, by its name.
#pragma once

#include <string_view>

namespace workspace {

// "text/html; charset=utf-8" for "a/B.HTML"; "application/octet-stream" for what is not known.
std::string_view media_type(std::string_view name);

}  // namespace workspace

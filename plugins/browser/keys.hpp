// Keys as people name them ("Enter", "Control+Shift+A", "é"), as the browser wants them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cdp.hpp"

namespace browser {

// The events of pressing one and letting it go, in their order: what Input.dispatchKeyEvent takes. Throws Error(422)
// for a name that is none.
std::vector<Json> key_events(std::string_view combination);
// Of one character that is typed.
std::vector<Json> typed(std::string_view character);
std::vector<std::string> characters_of(std::string_view text);  // of UTF-8

}  // namespace browser

// Removing a folder with all that is in it, while somebody may be at work in there.
#pragma once

#include <cstddef>
#include <string>

#include "root.hpp"

namespace workspace {

// What bears this name in the folder, and all beneath it; no link is followed. How many things went. Throws an Error
// (409) if it fills faster than it is emptied, (413) if it has more in it than one call removes.
std::size_t remove_all(int folder, const std::string& name, const Place& shown);

}  // namespace workspace

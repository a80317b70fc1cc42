// entry: what must hold before anything of a plugin can be called.
#pragma once

#include "subject.hpp"

namespace berth::check {

// Loads the plugin, writes the manifest of its code to `to`, and reports; for a child.
void check_entry(const Options& options, Reporter& reporter, const std::string& to);

}  // namespace berth::check

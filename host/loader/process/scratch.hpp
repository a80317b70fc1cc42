// The folder for temporary files of a plugin's own process, which nobody else reaches. Each process has another, since
// a new instance is made while the old one still works.
#pragma once

#include <string>

#include "service/error.hpp"

namespace berth::loader {

// Makes that of this process, empty, beside the plugin's own folder.
service::Result<std::string> make_scratch(const std::string& folder);
// Takes away what dead processes left, in the folder that holds all plugins' own.
void sweep_scratch(const std::string& folders);

}  // namespace berth::loader

// Which libraries a plugin is linked to, read from its file: nothing of it is loaded or run.
#pragma once

#include <string>
#include <vector>

namespace berth::command {

// "libarchive.so.13" and the like; empty if the file is no 64-bit ELF library of this machine's byte order, or a broken
// one.
std::vector<std::string> linked_libraries(const std::string& file);

}  // namespace berth::command

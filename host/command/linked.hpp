// Which libraries a plugin is linked to, read from its file: nothing of it is loaded or run.
#pragma once

#include <string>
#include <vector>

namespace berth::command {

struct Linked {
  std::vector<std::string> libraries;  // "libarchive.so.13"
  std::vector<std::string> folders;    // that the file says they may be in. Not $ORIGIN's: the host loads a copy
};
// Nothing if the file is no 64-bit ELF library of this machine's byte order, or a broken one.
Linked linked_to(const std::string& file);

}  // namespace berth::command

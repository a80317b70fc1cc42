// A folder as an archive that is made while it is sent: a tar or a zip, in the memory of a few blocks. A file that
// changes while it is packed ends the whole with an Error, so that nothing false is sent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace workspace {

enum class ArchiveKind { tar, zip };

struct Packed {
  std::uint64_t members = 0;
  std::uint64_t left_out = 0;  // pipes, sockets, devices
  bool whole = false;          // false: `put` said no
};

// What is in `folder` goes below `prefix` in the archive. `put` says whether to go on.
Packed pack(int folder, const std::string& prefix, ArchiveKind kind, const std::function<bool(std::string_view)>& put);

}  // namespace workspace

// The end of a text file, and pieces of one, within bounds.
#pragma once

#include <berth/schema.hpp>

#include <cstdint>
#include <string>

namespace machine {

struct End {
  std::string text;  // whole lines, unless the last one alone is too much
  std::size_t lines = 0;
  bool truncated = false;  // there is more before it
};
// The last lines of a file of `size` bytes, at most `most` bytes of them.
End end_of(int file, std::uint64_t size, std::size_t lines, std::size_t most);

// Of a log below `folder`, such as "syslog" or "/var/log/syslog".
berth::Json read_log(const std::string& folder, bool also_private, const berth::Json& input);

}  // namespace machine

// Files written so that a crash leaves the old or the new content, never half of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "service/error.hpp"

namespace berth::service {

Result<std::string> read_file(const std::string& path, std::uint64_t at_most = 16u << 20);
// Written beside, synced, renamed over; the mode holds from the first byte.
std::optional<Error> write_file(const std::string& path, std::string_view content, unsigned mode = 0600);
std::optional<Error> make_directory(const std::string& path,
                                    unsigned mode = 0700);  // with parents; fine if it is there

}  // namespace berth::service

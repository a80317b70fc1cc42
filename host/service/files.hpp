// Files written so that a crash leaves the old or the new content, never half of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::service {

Result<std::string> read_file(const std::string& path, std::uint64_t at_most = 16u << 20);
// Written beside, synced, renamed over; the mode holds from the first byte.
std::optional<Error> write_file(const std::string& path, std::string_view content, unsigned mode = 0600);
// For what strangers put there: a file and nothing else, so that a pipe or a device holds nobody up.
Result<UniqueFd> open_regular(const std::string& path);
Result<std::string> read_regular_file(const std::string& path, std::uint64_t at_most);
std::optional<Error> make_directory(const std::string& path,
                                    unsigned mode = 0700);  // with parents; fine if it is there

// For those who read and write piece by piece.
int write_all(int fd, std::string_view content);  // 0, or the errno that says why not all was written
int sync_folder(const std::string& path);         // in which that file is, so that its name is kept; 0, or the errno
Error file_error(const char* what, const std::string& path, int number);  // "cannot WHAT PATH: …" of an errno

}  // namespace berth::service

// Bytes of a file as JSON can have them.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace workspace {

std::string from_base64(std::string_view text);  // throws an Error (422)
// "image/png", … of what begins so; "" of anything else
std::string image_type(std::string_view begin);
// UTF-8 without zero bytes; `cut`: its last character may be incomplete.
bool is_text(std::string_view bytes, bool cut = false);
// The same with U+FFFD in place of what is no UTF-8.
std::string as_utf8(std::string_view bytes);
// Without the pieces of characters that a cut through bytes left at the ends that were cut. `front` says how many bytes
// went there.
std::string_view without_cuts(std::string_view bytes, std::size_t& front, bool cut_front, bool cut_end);

// As pread, and not disturbed by signals.
ssize_t read_at(int fd, char* to, std::size_t size, std::uint64_t from);
// All of a part of a file: no more than `most` bytes from there on. Throws Error.
std::string bytes_at(int fd, std::uint64_t from, std::size_t most);

}  // namespace workspace

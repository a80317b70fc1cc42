// gzip in one go, for answers that are large enough to gain by it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace berth::edge {

inline constexpr std::size_t least_to_compress = 1024;
inline constexpr std::size_t most_to_compress_here = 32u << 10;  // more of it would hold up the I/O thread

std::string gzip(std::string_view bytes);

}  // namespace berth::edge

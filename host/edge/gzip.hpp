// gzip in one go, for answers that are large enough to gain by it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace berth::edge {

inline constexpr std::size_t least_to_compress = 1024;
inline constexpr std::size_t most_to_compress_here = 32u << 10;      // more of it would hold up the I/O thread
inline constexpr std::size_t most_to_compress_of_a_file = 1u << 20;  // it is in memory as a whole

std::string gzip(std::string_view bytes);
bool compressible(std::string_view media_type);  // text, which shrinks; archives and pictures are small already

}  // namespace berth::edge

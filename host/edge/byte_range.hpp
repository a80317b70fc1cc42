// Which bytes of a download a client wants: ETag, If-None-Match, If-Range and Range.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::edge {

struct Wanted {
  int status = 200;                  // 200 all of it, 206 a part, 304 nothing new, 416 no such part
  std::uint64_t begin = 0, end = 0;  // of the part, one past its last byte
};

// `etag` without quotes. More than one range, and units other than bytes, get the whole.
Wanted wanted_of(std::uint64_t size, std::string_view etag, std::string_view range, std::string_view if_range,
                 std::string_view if_none_match);

}  // namespace berth::edge

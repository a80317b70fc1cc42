// Which bytes of a download a client wants: ETag, If-Match, If-None-Match, If-Range and Range.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::edge {

struct Wanted {
  int status = 200;                  // 200 all of it, 206 a part, 304 nothing new, 412 another file, 416 no such part
  std::uint64_t begin = 0, end = 0;  // of the part, one past its last byte
};

// The fields of a request, empty where it has them not. HEAD has no Range.
struct Conditions {
  std::string_view range = {}, if_range = {}, if_match = {}, if_none_match = {};
};

// `etag` without quotes. More than one range, and units other than bytes, get the whole.
Wanted wanted_of(std::uint64_t size, std::string_view etag, const Conditions& conditions);

}  // namespace berth::edge

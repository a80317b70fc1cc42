// The chunked transfer coding.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

namespace berth::edge {

inline constexpr std::string_view last_chunk = "0\r\n\r\n";

inline std::string chunked(std::string_view bytes) {
  char size[20];
  const auto end = std::to_chars(size, size + sizeof size, bytes.size(), 16).ptr;
  std::string out;
  out.reserve(bytes.size() + 24);
  out.append(size, end).append("\r\n").append(bytes).append("\r\n");
  return out;
}

}  // namespace berth::edge

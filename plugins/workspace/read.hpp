// workspace.read: a file's text, lines, bytes or image, never more than fits an answer.
#pragma once

#include "asked.hpp"

namespace workspace {

constexpr std::size_t most_text = 256u << 10;    // bytes of an answer's text
constexpr std::size_t most_binary = 4u << 20;    // bytes that go into one answer as base64
constexpr std::uint64_t most_whole = 64u << 20;  // a larger file is read in parts, or not at all
constexpr std::size_t usual_lines = 2000, most_lines = 20'000;

berth::Json read_file(const Asked& asked);

}  // namespace workspace

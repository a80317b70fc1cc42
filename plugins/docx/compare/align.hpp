// Which of two lists' entries are the same, in order; in bounded time, whatever they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace docx {

// Pairs of places that belong together, rising in both lists. Lists of hashes: what is equal is the same. Where two
// stretches differ in more than `most` places they are taken to have nothing in common.
std::vector<std::pair<std::size_t, std::size_t>> align(const std::vector<std::uint64_t>& a,
                                                       const std::vector<std::uint64_t>& b, std::size_t most = 1500);

}  // namespace docx

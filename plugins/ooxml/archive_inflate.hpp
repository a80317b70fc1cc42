// The bytes of one entry of a zip file, unpacked while they are read.
#pragma once

#include <memory>
#include <string>

#include "archive.hpp"
#include "bytes.hpp"

namespace ooxml {

// Parts up to this size are unpacked at once, bigger ones piece by piece.
inline constexpr std::uint64_t whole_bytes = 4ULL << 20;

// `bytes` and `entry` must outlive it. Never gives more bytes than the entry says it has.
std::unique_ptr<Source> unpack(const Bytes& bytes, const Entry& entry);
// The first bytes of an entry, and no more work than that: at most `count`, fewer where it is damaged.
std::string beginning(const Bytes& bytes, const Entry& entry, std::size_t count);
// The same bytes as they lie there.
std::unique_ptr<Source> as_packed(const Bytes& bytes, const Entry& entry);

}  // namespace ooxml

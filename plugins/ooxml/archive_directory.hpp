// The directory of a zip file: found, read, and compared with the headers of its entries.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "archive.hpp"
#include "bytes.hpp"
#include "finding.hpp"

namespace ooxml {

// Where the directory lies.
struct DirectoryPlace {
  std::uint64_t at = 0, bytes = 0, count = 0;
  std::uint64_t base = 0;  // what is to be added to all places that the directory tells
};

// Throws `Spoiled` where there is none ("not-a-zip", "truncated", "bad-directory").
DirectoryPlace find_directory(const Bytes& bytes, Findings& findings);
// The entries in the order of the directory. Throws `Spoiled`.
std::vector<Entry> read_directory(const Bytes& bytes, const DirectoryPlace& place, const ArchiveLimits& limits);
// Looks at each entry's own header, finds where its bytes begin, and tells where the two disagree.
void check_headers(const Bytes& bytes, const DirectoryPlace& place, std::vector<Entry>& entries, Findings& findings);
// Tells names that would lead out of a folder, and names that stand there twice; the second is not read.
void check_names(std::vector<Entry>& entries, Findings& findings);

// A finding about the package as a whole, or about one entry.
Finding archive_finding(Severity severity, std::string code, std::string message, std::string remedy,
                        std::string_view entry = {});

// What records begin with.
inline constexpr std::string_view entry_mark("PK\1\2", 4), header_mark("PK\3\4", 4);
// In fields that are too small for a value: it stands elsewhere.
inline constexpr std::uint32_t most32 = 0xFFFFFFFF;
inline constexpr std::uint16_t most16 = 0xFFFF, big_extra = 1;

inline constexpr std::uint16_t stored = 0, deflated = 8;                                   // methods
inline constexpr std::uint16_t encrypted_flag = 1, descriptor_flag = 8, strong_flag = 64;  // flags

}  // namespace ooxml

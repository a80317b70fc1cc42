// A zip file, read: its directory and the bytes of its entries. It trusts nothing that the file says of itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bytes.hpp"
#include "finding.hpp"

namespace ooxml {

// The bytes are not what they should be: the code is a finding's ("truncated", "bad-checksum", "limit-exceeded", …).
struct Spoiled : std::runtime_error {
  Spoiled(std::string what_code, const std::string& message)
      : std::runtime_error(message), code(std::move(what_code)) {}
  std::string code;
};

struct Entry {
  std::string name;  // as it is written
  std::uint64_t packed = 0, size = 0;
  std::uint64_t header = 0, offset = 0;  // where its own header and its packed bytes begin in the file
  std::uint32_t checksum = 0;
  std::uint16_t method = 0, flags = 0;
  bool folder = false;
  bool spoiled = false;  // a finding has told why it cannot be read
};

// Bytes, piece by piece: each piece is good until the next is asked for; an empty one is the end.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::string_view next() = 0;
};

// A source of bytes that are there.
std::unique_ptr<Source> text_source(std::string text);

struct ArchiveLimits {
  std::uint64_t part_bytes = 1ULL << 30;        // of one entry, unpacked
  std::uint64_t total_bytes = 4ULL << 30;       // of all
  double ratio = 200;                           // how many bytes one byte may become, beyond `free_bytes`
  std::size_t entries = 65536;                  // in the directory
  std::uint64_t directory_bytes = 16ULL << 20;  // of the directory itself
  // Archives within archives: how deep they may lie, and how much of them is looked into.
  std::size_t nested = 3;
  std::uint64_t nested_bytes = 32ULL << 20;
};

// What a byte becomes is nobody's business as long as it all becomes no more than this.
inline constexpr std::uint64_t free_bytes = 16ULL << 20;

class Archive {
 public:
  virtual ~Archive() = default;
  // Reads the directory, compares it with the header of each entry, and puts what is wrong into `findings`. Null: there
  // is no directory that could be read, or it exceeds a limit; a finding of severity `refused` says so.
  static std::unique_ptr<Archive> open(std::unique_ptr<Bytes> bytes, const ArchiveLimits& limits, Findings& findings);
  virtual const std::vector<Entry>& entries() const = 0;
  virtual std::uint64_t file_size() const = 0;
  // Inflates while it is read. Throws `Spoiled`, also when `most` bytes or the ratio were exceeded.
  virtual std::unique_ptr<Source> read(std::size_t entry, std::uint64_t most, double ratio) const = 0;
  // The first bytes of an entry, and no more work than that: at most `count`, fewer where it is damaged.
  virtual std::string beginning(std::size_t entry, std::size_t count) const = 0;
  // The bytes of an entry as they lie in the file, still packed: for copies that change nothing.
  virtual std::unique_ptr<Source> packed(std::size_t entry) const = 0;
};

}  // namespace ooxml

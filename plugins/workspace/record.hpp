// One record of a store, as a line: the store's name, its number, when and by whom it was written, the SHA-256 of the
// record before, the record itself, and the SHA-256 of all the bytes up to there. So each line vouches for itself and
// for the one before.
#pragma once

#include <berth/call.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace workspace {

std::string sha256_of(std::string_view bytes);  // 64 hexadecimal digits

// Where a chain has come to.
struct ChainHead {
  std::uint64_t number = 0;
  std::string sha256 = std::string(64, '0');
};

constexpr std::size_t most_record = 256u << 10;  // bytes of a record's JSON
constexpr std::size_t most_line = most_record + 4096;

// Throws an Error (413) if it has too many.
void check_record(const berth::Json& record);

// With its newline.
std::string record_line(const std::string& store, const ChainHead& before, const std::string& at, const std::string& by,
                        const berth::Json& record);

struct Record {
  std::uint64_t number = 0;
  std::string store, before, sha256;
  berth::Json all;  // the whole line
};
// Without its newline. Null: not a byte of it may be other than it was written.
std::optional<Record> record_of(std::string_view line);

}  // namespace workspace

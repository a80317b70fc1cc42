// Reads as much of a compound file (MS-CFB) as it takes to tell one kind from another: the names in its directory.
#include "compound.hpp"

#include <algorithm>
#include <string>

namespace ooxml {

namespace {

constexpr std::string_view compound_mark("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
constexpr std::size_t compound_header = 512, compound_entry = 128, most_sectors = 256, listed_tables = 109;
constexpr std::uint32_t last_sector = 0xFFFFFFFA;

std::string read_some(const Bytes& bytes, std::uint64_t at, std::size_t count) {
  std::string text(count, '\0');
  text.resize(bytes.read(at, text.data(), count));
  return text;
}

// The name in an entry of the directory, where it is one of ASCII.
std::string name_of(std::string_view entry) {
  std::string name;
  for (std::size_t at = 0; at < 64; at += 2) {
    const std::uint16_t letter = number16(entry, at);
    if (letter == 0) break;
    name += letter < 128 ? static_cast<char>(letter) : '?';
  }
  return name;
}

Compound meant(std::string_view name) {
  if (name == "EncryptedPackage" || name == "EncryptionInfo") return Compound::encrypted;
  if (name == "WordDocument") return Compound::word;
  if (name == "Workbook" || name == "Book") return Compound::excel;
  if (name == "PowerPoint Document") return Compound::slides;
  return Compound::other;
}

// The sector that follows another one: the tables that say so are those which the header lists.
std::uint32_t next_sector(const Bytes& bytes, std::string_view header, std::size_t sector_bytes, std::uint32_t sector) {
  const std::size_t per_table = sector_bytes / 4, table = sector / per_table;
  if (table >= listed_tables) return last_sector;
  const std::uint64_t at = (std::uint64_t{number32(header, 76 + 4 * table)} + 1) * sector_bytes;
  const std::string next = read_some(bytes, at + 4 * (sector % per_table), 4);
  return next.size() == 4 ? number32(next, 0) : last_sector;
}

}  // namespace

Compound compound_kind(const Bytes& bytes) {
  const std::string header = read_some(bytes, 0, compound_header);
  if (!header.starts_with(compound_mark)) return Compound::none;
  if (header.size() < compound_header) return Compound::other;
  const std::size_t sector_bytes = number16(header, 30) == 12 ? 4096 : 512;
  std::uint32_t sector = number32(header, 48);
  for (std::size_t i = 0; i < most_sectors && sector < last_sector; ++i) {
    const std::string text = read_some(bytes, (std::uint64_t{sector} + 1) * sector_bytes, sector_bytes);
    for (std::size_t at = 0; at + compound_entry <= text.size(); at += compound_entry) {
      const Compound kind = meant(name_of(std::string_view(text).substr(at, compound_entry)));
      if (kind != Compound::other) return kind;
    }
    sector = next_sector(bytes, header, sector_bytes, sector);
  }
  return Compound::other;
}

}  // namespace ooxml

// Each entry of a zip file has a header of its own before its bytes, which repeats what the directory says. Readers
// believe the one or the other: where they disagree, two readers see two files.
#include <algorithm>
#include <numeric>
#include <string>

#include "archive_directory.hpp"

namespace ooxml {

namespace {

constexpr std::size_t header_bytes = 30;

bool same_numbers(std::string_view header, const Entry& entry) {
  if (number16(header, 6) & descriptor_flag) return true;  // they follow the bytes
  const std::uint32_t packed = number32(header, 18), size = number32(header, 22);
  return number32(header, 14) == entry.checksum && (packed == most32 || packed == entry.packed) &&
         (size == most32 || size == entry.size);
}

// What is wrong with an entry as its header tells it; empty: nothing. Finds where its bytes begin.
std::string compare(const Bytes& bytes, Entry& entry, std::string& room) {
  room.resize(header_bytes + entry.name.size());
  room.resize(bytes.read(entry.header, room.data(), room.size()));
  if (room.size() < header_bytes || !room.starts_with(header_mark))
    return "The header of an entry is not where the directory says it is.";
  entry.offset = entry.header + header_bytes + number16(room, 26) + number16(room, 28);
  if (number16(room, 26) != entry.name.size() || room.compare(header_bytes, std::string::npos, entry.name) != 0)
    return "An entry has one name in the directory and another one in its header.";
  if (number16(room, 8) != entry.method) return "The directory and an entry's header name two ways of packing.";
  if ((number16(room, 6) ^ entry.flags) & encrypted_flag) return "Only one of an entry's two headers says encrypted.";
  if (!same_numbers(room, entry)) return "The sizes or the checksum of an entry are not those of its header.";
  return {};
}

void spoil(Entry& entry, Findings& findings, std::string code, std::string message, std::string remedy) {
  entry.spoiled = true;
  findings.add(archive_finding(Severity::refused, std::move(code), std::move(message), std::move(remedy), entry.name));
}

void check_method(Entry& entry, Findings& findings) {
  if (entry.spoiled) return;
  if (entry.flags & (encrypted_flag | strong_flag))
    spoil(entry, findings, "encrypted-entry", "An entry of the archive is encrypted.",
          "Pack the file again without a password.");
  else if (entry.method != stored && entry.method != deflated)
    spoil(entry, findings, "unknown-method",
          "An entry is packed in a way (" + std::to_string(entry.method) + ") that Office does not know.",
          "Pack the file again with \"deflate\".");
  else if (entry.method == stored && entry.packed != entry.size)
    spoil(entry, findings, "wrong-size", "An entry that is not packed has two different sizes.",
          "Pack the file again.");
}

// No byte belongs to two entries, nor to an entry and the directory.
void check_overlaps(const DirectoryPlace& place, std::vector<Entry>& entries, Findings& findings) {
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return entries[a].header < entries[b].header; });
  std::uint64_t free_from = 0;
  for (const std::size_t i : order) {
    Entry& entry = entries[i];
    if (entry.offset == 0) continue;  // it has no header
    const bool outside = entry.offset > place.at || entry.packed > place.at - entry.offset;
    if (outside)
      spoil(entry, findings, "truncated", "An entry says that it goes on beyond the place where the directory begins.",
            "The file is damaged: get it anew.");
    else if (entry.header < free_from)
      spoil(entry, findings, "overlapping-entries", "The bytes of an entry belong to another one, too.",
            "Do not trust the file: no program writes such a one.");
    if (!outside) free_from = std::max(free_from, entry.offset + entry.packed);
  }
}

}  // namespace

void check_headers(const Bytes& bytes, const DirectoryPlace& place, std::vector<Entry>& entries, Findings& findings) {
  std::string room;
  for (auto& entry : entries) {
    const std::string wrong = compare(bytes, entry, room);
    if (!wrong.empty()) spoil(entry, findings, "header-mismatch", wrong, "The file is damaged: pack it again.");
  }
  check_overlaps(place, entries, findings);
  for (auto& entry : entries) check_method(entry, findings);
}

}  // namespace ooxml

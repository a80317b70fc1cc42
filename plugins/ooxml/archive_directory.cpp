// Where a zip file's directory lies, and what it lists. Places and counts are the file's claims: each is held against
// the bytes that are there before anything is made of it.
#include "archive_directory.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace ooxml {

namespace {

constexpr std::string_view end_mark("PK\5\6", 4), big_end_mark("PK\6\6", 4), locator_mark("PK\6\7", 4);
constexpr std::size_t end_bytes = 22, locator_bytes = 20, big_end_bytes = 56, record_bytes = 46;
constexpr std::size_t most_comment = 0xFFFF;

std::string read_text(const Bytes& bytes, std::uint64_t at, std::size_t count) {
  std::string text(count, '\0');
  bytes.read_all(at, text.data(), count);
  return text;
}

[[noreturn]] void no_directory(const Bytes& bytes) {
  std::string first(4, '\0');
  first.resize(bytes.read(0, first.data(), first.size()));
  if (first.empty()) throw Spoiled("not-a-zip", "The file is empty.");
  if (first == header_mark) throw Spoiled("truncated", "The file is cut off: the directory at its end is missing.");
  throw Spoiled("not-a-zip", "The file is no zip archive, and so none of Office's.");
}

// The last end record whose comment fits into the file; of several the one whose comment ends where the file does.
std::uint64_t find_end(const Bytes& bytes, std::string& record) {
  const std::uint64_t size = bytes.size();
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, end_bytes + most_comment));
  if (count < end_bytes) no_directory(bytes);
  const std::string tail = read_text(bytes, size - count, count);
  std::size_t found = std::string::npos;
  for (std::size_t at = tail.rfind(end_mark, count - end_bytes);; at = tail.rfind(end_mark, at - 1)) {
    if (at == std::string::npos) break;
    const std::size_t ends = at + end_bytes + number16(tail, at + 20);
    if (ends <= count && found == std::string::npos) found = at;
    if (ends == count) {
      found = at;
      break;
    }
    if (at == 0) break;
  }
  if (found == std::string::npos) no_directory(bytes);
  record = tail.substr(found, end_bytes + number16(tail, found + 20));
  return size - count + found;
}

struct End {
  std::uint64_t at = 0;  // where the records of the end begin
  std::uint64_t count = 0, bytes = 0, offset = 0;
  bool split = false;
};

// What the longer record says, if there is one and the short one does not say it all.
void read_big_end(const Bytes& bytes, End& end) {
  if (end.at < locator_bytes) return;
  const std::string locator = read_text(bytes, end.at - locator_bytes, locator_bytes);
  if (!locator.starts_with(locator_mark)) return;
  const std::uint64_t told = number64(locator, 8);
  const std::uint64_t before = end.at - locator_bytes;
  // Where it says, or right before the locator: there may be bytes before the archive.
  for (const std::uint64_t at : {told, before - big_end_bytes}) {
    if (at > before || before - at < big_end_bytes) continue;
    const std::string record = read_text(bytes, at, big_end_bytes);
    if (!record.starts_with(big_end_mark)) continue;
    end = {at, number64(record, 32), number64(record, 40), number64(record, 48),
           number32(record, 16) != 0 || number32(record, 20) != 0 || number64(record, 24) != number64(record, 32)};
    return;
  }
  throw Spoiled("bad-directory", "The record of a big archive is not where the file says it is.");
}

// Sizes and the place that are too big for their fields stand in an extra one, in this order.
void read_big_fields(std::string_view extra, Entry& entry) {
  while (extra.size() >= 4) {
    const std::size_t length = number16(extra, 2);
    if (length > extra.size() - 4) return;
    if (number16(extra, 0) == big_extra) {
      std::string_view rest = extra.substr(4, length);
      for (std::uint64_t* field : {&entry.size, &entry.packed, &entry.header}) {
        if (*field != most32) continue;
        if (rest.size() < 8) throw Spoiled("bad-directory", "An entry of a big archive lacks its sizes.");
        *field = number64(rest, 0);
        rest.remove_prefix(8);
      }
      return;
    }
    extra.remove_prefix(4 + length);
  }
}

Entry read_entry(std::string_view record, std::size_t name_bytes, std::size_t extra_bytes) {
  Entry entry;
  entry.flags = number16(record, 8);
  entry.method = number16(record, 10);
  entry.checksum = number32(record, 16);
  entry.packed = number32(record, 20);
  entry.size = number32(record, 24);
  entry.header = number32(record, 42);
  entry.name = record.substr(record_bytes, name_bytes);
  entry.folder = entry.name.ends_with('/');
  read_big_fields(record.substr(record_bytes + name_bytes, extra_bytes), entry);
  return entry;
}

void check_surroundings(const Bytes& bytes, const DirectoryPlace& place, std::uint64_t after, Findings& findings) {
  std::string first(4, '\0');
  first.resize(bytes.read(0, first.data(), first.size()));
  if (place.base != 0 || (place.count > 0 && first != header_mark))
    findings.add(archive_finding(Severity::refused, "bytes-before", "Something stands before the archive.",
                                 "Remove what precedes the first \"PK\" of the file."));
  if (after < bytes.size())
    findings.add(archive_finding(Severity::hint, "bytes-after", "Something stands after the archive's end.",
                                 "Remove what follows the archive's directory."));
}

}  // namespace

Finding archive_finding(Severity severity, std::string code, std::string message, std::string remedy,
                        std::string_view entry) {
  Finding finding{.severity = severity, .layer = Layer::package, .code = std::move(code)};
  finding.message = std::move(message);
  finding.remedy = std::move(remedy);
  if (!entry.empty()) finding.part = "/" + std::string(entry);
  return finding;
}

DirectoryPlace find_directory(const Bytes& bytes, Findings& findings) {
  std::string record;
  End end;
  end.at = find_end(bytes, record);
  const std::uint64_t after = end.at + record.size();
  end.count = number16(record, 10);
  end.bytes = number32(record, 12);
  end.offset = number32(record, 16);
  end.split = number16(record, 4) != number16(record, 6) || number16(record, 8) != end.count;
  if (end.count == most16 || end.bytes == most32 || end.offset == most32) read_big_end(bytes, end);
  if (end.split) throw Spoiled("split-archive", "The archive is one piece of several.");
  if (end.bytes > end.at || end.offset > end.at - end.bytes)
    throw Spoiled("truncated", "The directory of the archive lies outside of the file: part of it is missing.");
  DirectoryPlace place{end.offset, end.bytes, end.count, 0};
  std::string mark(4, '\0');
  bytes.read_all(place.at, mark.data(), mark.size());
  const std::uint64_t right_before = end.at - end.bytes;
  if (place.count > 0 && mark != entry_mark && right_before != place.at) {
    place.base = right_before - place.at;
    place.at = right_before;
  }
  check_surroundings(bytes, place, after, findings);
  return place;
}

std::vector<Entry> read_directory(const Bytes& bytes, const DirectoryPlace& place, const ArchiveLimits& limits) {
  if (place.count > limits.entries)
    throw Spoiled("limit-exceeded", "The archive says it has " + std::to_string(place.count) + " entries; " +
                                        std::to_string(limits.entries) + " are the most.");
  if (place.bytes > limits.directory_bytes)
    throw Spoiled("limit-exceeded", "The archive's directory is bigger than it may be.");
  const std::string text = read_text(bytes, place.at, static_cast<std::size_t>(place.bytes));
  std::vector<Entry> entries;
  std::string_view rest = text;
  while (rest.size() >= record_bytes && rest.starts_with(entry_mark)) {
    const std::size_t name = number16(rest, 28), extra = number16(rest, 30), comment = number16(rest, 32);
    if (name + extra + comment > rest.size() - record_bytes) break;
    if (entries.size() >= place.count) break;
    entries.push_back(read_entry(rest, name, extra));
    rest.remove_prefix(record_bytes + name + extra + comment);
  }
  if (entries.size() != place.count || rest.starts_with(entry_mark))
    throw Spoiled("bad-directory", "The archive's directory is damaged: it says it has " + std::to_string(place.count) +
                                       " entries, and that is not what it lists.");
  for (auto& entry : entries) {
    if (entry.header > std::numeric_limits<std::uint64_t>::max() - place.base)
      throw Spoiled("bad-directory", "An entry of the archive lies nowhere.");
    entry.header += place.base;
  }
  return entries;
}

}  // namespace ooxml

// A zip file that was opened: what its entries claim is held against the limits before anything is unpacked.
#include "archive.hpp"

#include <algorithm>
#include <utility>

#include "archive_directory.hpp"
#include "archive_inflate.hpp"

namespace ooxml {

namespace {

bool beyond_ratio(const Entry& entry, double ratio) {
  return entry.size > free_bytes &&
         static_cast<double>(entry.size - free_bytes) > ratio * static_cast<double>(entry.packed);
}

// Throws `Spoiled` where what the directory claims is more than may be.
void check_claims(const std::vector<Entry>& entries, const ArchiveLimits& limits) {
  std::uint64_t total = 0;
  for (const auto& entry : entries) {
    if (entry.spoiled) continue;
    if (entry.size > limits.part_bytes) throw Spoiled("limit-exceeded", "A part would be bigger than it may be.");
    if (beyond_ratio(entry, limits.ratio))
      throw Spoiled("limit-exceeded", "A part would become far bigger than its packed bytes: a zip bomb.");
    total += entry.size;  // of at most `entries` times `part_bytes`: no overflow
    if (total > limits.total_bytes)
      throw Spoiled("limit-exceeded", "All parts together would be bigger than they may be.");
  }
}

class OpenArchive : public Archive {
 public:
  OpenArchive(std::unique_ptr<Bytes> bytes, std::vector<Entry> entries)
      : m_bytes(std::move(bytes)), m_entries(std::move(entries)) {}

  const std::vector<Entry>& entries() const override { return m_entries; }
  std::uint64_t file_size() const override { return m_bytes->size(); }

  std::unique_ptr<Source> read(std::size_t index, std::uint64_t most, double ratio) const override {
    const Entry& entry = m_entries.at(index);
    if (entry.spoiled) throw Spoiled("damaged-data", "This part cannot be read.");
    if (entry.size > most || beyond_ratio(entry, ratio))
      throw Spoiled("limit-exceeded", "A part is bigger than it may be: " + std::to_string(entry.size) + " bytes.");
    return unpack(*m_bytes, entry);
  }

  std::string beginning(std::size_t index, std::size_t count) const override {
    const Entry& entry = m_entries.at(index);
    return entry.spoiled ? std::string() : ooxml::beginning(*m_bytes, entry, count);
  }

  std::unique_ptr<Source> packed(std::size_t index) const override {
    const Entry& entry = m_entries.at(index);
    if (entry.spoiled) throw Spoiled("damaged-data", "This part cannot be read.");
    return as_packed(*m_bytes, entry);
  }

 private:
  std::unique_ptr<Bytes> m_bytes;
  std::vector<Entry> m_entries;
};

std::string remedy_of(std::string_view code) {
  if (code == "limit-exceeded") return "Do not open files of this kind from people you do not know.";
  if (code == "not-a-zip") return "Save it as .docx or .xlsx: the file is of another kind than its name says.";
  return "The file is damaged or incomplete: get it anew.";
}

}  // namespace

std::unique_ptr<Archive> Archive::open(std::unique_ptr<Bytes> bytes, const ArchiveLimits& limits, Findings& findings) {
  try {
    const DirectoryPlace place = find_directory(*bytes, findings);
    std::vector<Entry> entries = read_directory(*bytes, place, limits);
    check_headers(*bytes, place, entries, findings);
    check_names(entries, findings);
    check_claims(entries, limits);
    return std::make_unique<OpenArchive>(std::move(bytes), std::move(entries));
  } catch (const Spoiled& spoiled) {
    findings.add(archive_finding(Severity::refused, spoiled.code, spoiled.what(), remedy_of(spoiled.code)));
    return nullptr;
  }
}

}  // namespace ooxml

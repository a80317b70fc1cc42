// Archives within the archive: whole files of Office may be embedded, and bombs are made of archives within archives.
// We never unpack them for what they contain; we look at what they claim, some levels down.
#include <algorithm>
#include <string>
#include <utility>

#include "archive_directory.hpp"
#include "package_reader.hpp"
#include "part_name.hpp"

namespace ooxml {

namespace {

// Looks into archives within archives, one level after the other.
class Nested {
 public:
  explicit Nested(const ArchiveLimits& limits) : m_limits(limits) {}

  // What all of it would become. Throws `Spoiled` ("limit-exceeded").
  void look(const Archive& outermost) {
    add(outermost);
    find(outermost);
    for (std::size_t depth = 1; !m_found.empty(); ++depth) {
      if (depth > m_limits.nested)
        throw Spoiled("limit-exceeded", "Archives lie within archives within archives, deeper than they may.");
      const std::vector<std::string> level = std::exchange(m_found, {});
      for (const auto& text : level) open(text);
    }
  }

 private:
  void open(const std::string& text) {
    Findings findings;
    const auto archive = Archive::open(text_bytes(text), m_limits, findings);
    for (const auto& finding : findings.kept())
      if (finding.code == "limit-exceeded")
        throw Spoiled("limit-exceeded", "An archive within the archive exceeds a limit: " + finding.message);
    if (!archive) return;  // whatever it is, it does not unpack
    add(*archive);
    find(*archive);
  }

  void add(const Archive& archive) {
    for (const auto& entry : archive.entries()) m_total += entry.spoiled ? 0 : entry.size;
    if (m_total > m_limits.total_bytes)
      throw Spoiled("limit-exceeded", "The archives within the archive would be bigger than they may be.");
  }

  void find(const Archive& archive) {
    for (std::size_t i = 0; i < archive.entries().size(); ++i) {
      const Entry& entry = archive.entries()[i];
      const std::string kind = extension(entry.name);
      if (entry.spoiled || entry.folder || kind == "xml" || kind == "rels") continue;
      if (entry.size > m_limits.nested_bytes - m_bytes) continue;
      if (archive.beginning(i, header_mark.size()) != header_mark) continue;
      m_bytes += entry.size;
      m_found.push_back(whole(archive, i));
    }
  }

  std::string whole(const Archive& archive, std::size_t i) const {
    std::string text;
    try {
      const auto source = archive.read(i, m_limits.nested_bytes, m_limits.ratio);
      for (std::string_view piece = source->next(); !piece.empty(); piece = source->next()) text += piece;
    } catch (const Spoiled&) {
      text.clear();  // who reads the part is told
    }
    return text;
  }

  const ArchiveLimits& m_limits;
  std::uint64_t m_total = 0, m_bytes = 0;
  std::vector<std::string> m_found;
};

}  // namespace

void PackageReader::look_into_nested() {
  ArchiveLimits limits;
  limits.total_bytes = m_limits.total_bytes;
  limits.ratio = m_limits.ratio;
  Nested(limits).look(*m_package->m_archive);
}

}  // namespace ooxml

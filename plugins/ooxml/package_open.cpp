// Opens a package, and reads what it says of itself: content types and relationships.
#include <algorithm>
#include <utility>

#include "archive_directory.hpp"
#include "compound.hpp"
#include "package_reader.hpp"
#include "package_relations.hpp"
#include "part_name.hpp"
#include "xml.hpp"

namespace ooxml {

namespace {

constexpr std::string_view relations_type = "application/vnd.openxmlformats-package.relationships+xml";

// Sorted before all that may stand in a name, so that what lies in a folder follows the folder at once.
constexpr char folder_first = '\1';

// A name that no part can have: the format keeps such entries for itself, as "[Content_Types].xml", "[trash]/0000.dat".
bool is_reserved(std::string_view name) { return name.starts_with('['); }

}  // namespace

void PackageReader::tell(Severity severity, std::string code, std::string part, std::string message, std::string remedy,
                         std::string name) {
  Finding finding = archive_finding(severity, std::move(code), std::move(message), std::move(remedy));
  finding.part = std::move(part);
  finding.name = std::move(name);
  m_findings.add(std::move(finding));
}

std::unique_ptr<Package> PackageReader::open(int file) {
  try {
    std::unique_ptr<Bytes> bytes = file_bytes(file);
    if (tell_compound(*bytes)) return nullptr;
    ArchiveLimits limits;
    limits.part_bytes = m_limits.part_bytes;
    limits.total_bytes = m_limits.total_bytes;
    limits.ratio = m_limits.ratio;
    limits.entries = m_limits.entries;
    m_package.reset(new Package);
    m_package->m_limits = m_limits;
    m_package->m_archive = Archive::open(std::move(bytes), limits, m_findings);
    if (!m_package->m_archive || !find_types()) return nullptr;
    list_parts();
    check_part_names();
    look_into_nested();
    read_all_relations();
    find_main();
    reach();
    check_types_of_relations();
    tell_macros();
    return std::move(m_package);
  } catch (const Spoiled& spoiled) {
    tell(Severity::refused, spoiled.code, "", spoiled.what(), "The file is damaged or hostile: get it anew.");
    return nullptr;
  }
}

bool PackageReader::tell_compound(const Bytes& bytes) {
  const auto is = [&](std::string code, std::string message, std::string remedy) {
    tell(Severity::refused, std::move(code), "", std::move(message), std::move(remedy));
    return true;
  };
  switch (compound_kind(bytes)) {
    case Compound::none: return false;
    case Compound::encrypted:
      return is("encrypted", "The file is encrypted.", "Open it with its password and save it without one.");
    case Compound::word:
      return is("legacy-format", "The file is a Word file of before 2007 (.doc).", "Save it as .docx.");
    case Compound::excel:
      return is("legacy-format", "The file is an Excel file of before 2007 (.xls).", "Save it as .xlsx.");
    case Compound::slides:
      return is("legacy-format", "The file is a PowerPoint file of before 2007 (.ppt).", "Save it as .pptx.");
    case Compound::other: break;
  }
  return is("not-a-zip", "The file is a compound file, and none of Office's.", "Save it as .docx or .xlsx.");
}

bool PackageReader::read_map(std::size_t entry, const std::string& name, const std::function<void(Source&)>& read) {
  m_map_bytes += entries()[entry].size;
  if (m_map_bytes > m_limits.map_bytes)
    throw Spoiled("limit-exceeded", "The content types and relationships are bigger than they may be.");
  if (entries()[entry].spoiled) return false;
  try {
    const auto source = m_package->m_archive->read(entry, m_limits.map_bytes, m_limits.ratio);
    read(*source);
    return true;
  } catch (const Malformed& malformed) {
    Finding finding = archive_finding(Severity::refused, malformed.code, malformed.what(),
                                      "Write the part anew: without it the file cannot be read.");
    finding.layer = Layer::xml;
    finding.part = name;
    finding.line = malformed.line;
    m_findings.add(std::move(finding));
  } catch (const Spoiled& spoiled) {
    if (spoiled.code == "limit-exceeded") throw;
    tell(Severity::refused, spoiled.code, name, spoiled.what(), "Pack the file again.");
  }
  return false;
}

bool PackageReader::find_types() {
  const std::string wanted = name_key(types_name.substr(1));
  for (std::size_t i = 0; i < entries().size(); ++i)
    if (name_key(entries()[i].name) == wanted)
      return read_map(i, std::string(types_name), [&](Source& source) { m_types = read_types(source, m_findings); });
  tell(Severity::refused, "missing-content-types", std::string(types_name),
       "The file is a zip archive, but no package: it does not say what its parts are.",
       "Add [Content_Types].xml, or save the file with Office.");
  return false;
}

void PackageReader::list_parts() {
  std::vector<std::pair<std::string, Part>> found;
  for (std::size_t i = 0; i < entries().size(); ++i) {
    const Entry& entry = entries()[i];
    if (entry.folder || is_reserved(entry.name) || unsafe_name(entry.name)) continue;
    Part part;
    part.name = "/" + entry.name;
    part.entry = i;
    part.spoiled = entry.spoiled;
    std::string of = related_part(part.name);
    if (!of.empty()) {
      m_relation_entries.push_back({i, std::move(part.name), std::move(of)});
      continue;
    }
    part.content_type = m_types.of(part.name);
    std::string key = name_key(part.name);
    std::replace(key.begin(), key.end(), '/', folder_first);
    found.emplace_back(std::move(key), std::move(part));
  }
  // Of two with one name the first of the directory counts, unless only the other can be read.
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second.spoiled < b.second.spoiled;
  });
  m_package->m_parts.reserve(found.size());
  for (auto& [key, part] : found) {
    std::replace(key.begin(), key.end(), folder_first, '/');
    if (m_package->m_places.emplace(key, m_package->m_parts.size()).second)
      m_package->m_parts.push_back(std::move(part));
  }
}

bool PackageReader::read_relations_of(const RelationEntry& one) {
  const bool root = one.of == "/";
  Part* part = root ? nullptr : find(one.of);
  if (!root && !part) {
    tell(Severity::hint, "orphan-relationships", one.name, "Relationships of a part that is not there.",
         "Remove them.");
    return true;
  }
  auto& relations = root ? m_package->m_roots : part->relations;
  if (root && std::exchange(m_has_roots, true)) return true;
  if (name_key(m_types.of(one.name)) != relations_type) {
    tell(Severity::refused, "no-content-type", one.name, "The content types do not call relationships what they are.",
         "Give the extension \"rels\" the type " + std::string(relations_type) + " in [Content_Types].xml.");
    return false;
  }
  const std::string from = root ? "/" : part->name;
  const bool done = read_map(one.entry, one.name, [&](Source& source) {
    relations = read_relations(source, from, one.name, m_limits.relations - m_count, m_findings);
  });
  m_count += relations.size();
  return done;
}

void PackageReader::read_all_relations() {
  for (const auto& one : m_relation_entries) {
    if (!related_part(one.of).empty())
      tell(Severity::refused, "bad-relationship", one.name, "Relationships have relationships of their own.",
           "Remove the part.");
    else if (!read_relations_of(one))
      m_blind = true;
  }
  resolve("/", m_package->m_roots);
  for (auto& part : m_package->m_parts) resolve(part.name, part.relations);
}

// Gives targets the name that the part itself has, and tells of those which are not there.
void PackageReader::resolve(const std::string& from, std::vector<Relationship>& relations) {
  for (auto& one : relations) {
    if (!one.external && !related_part(one.target).empty()) {
      tell(Severity::refused, "bad-relationship", relations_name(from),
           "A relationship leads to relationships: " + one.target + ".", "Remove it.", one.id);
    } else if (one.external) {
      if (one.type != "hyperlink")
        tell(Severity::hint, "external-link", from, "The file refers to something outside: " + one.target,
             "Nothing, if that is meant.", one.id);
    } else if (const Part* target = find(one.target)) {
      one.target = target->name;
    } else if (one.target != from && !(from == "/" && one.type == "officeDocument")) {  // of which find_main tells
      tell_dangling(from, one);
    }
  }
}

// Office takes links for what they are even where they do not say that they lead outside, and writes "NULL" itself for
// a picture that it has lost.
void PackageReader::tell_dangling(const std::string& from, const Relationship& relation) {
  const bool harmless = relation.type == "hyperlink" || name_key(relation.target).ends_with("/null");
  tell(harmless ? Severity::hint : Severity::refused, "dangling-relationship", relations_name(from),
       "A relationship leads to a part that is not there: " + relation.target + ".",
       "Remove the relationship, or add the part.", relation.id);
}

std::unique_ptr<Package> Package::open(int file, const PackageLimits& limits, Findings& findings) {
  return PackageReader(limits, findings).open(file);
}

}  // namespace ooxml

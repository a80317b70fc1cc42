// Names of a zip file's entries: programs that unpack them trust them with a folder.
#include <string>
#include <unordered_set>

#include "archive_directory.hpp"
#include "part_name.hpp"

namespace ooxml {

namespace {

void tell_unsafe(const Entry& entry, Findings& findings) {
  findings.add(archive_finding(Severity::refused, "unsafe-path",
                               "The name of an entry leads out of the archive, or means another place elsewhere.",
                               "Do not unpack the file; remove the entry.", entry.name));
}

void tell_twice(const Entry& entry, Findings& findings) {
  findings.add(archive_finding(Severity::refused, "duplicate-entry",
                               "Two entries have the same name, or differ in nothing but the case of its letters.",
                               "Remove one of the two.", entry.name));
}

}  // namespace

void check_names(std::vector<Entry>& entries, Findings& findings) {
  std::unordered_set<std::string> known;
  known.reserve(entries.size());
  for (auto& entry : entries) {
    if (unsafe_name(entry.name)) {
      entry.spoiled = true;
      tell_unsafe(entry, findings);
    } else if (!entry.folder && !known.insert(name_key(entry.name)).second) {
      entry.spoiled = true;
      tell_twice(entry, findings);
    }
  }
}

}  // namespace ooxml

// The steps by which a package is opened: directory, content types, relationships, and what comes of them. Each can be
// the last.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "package.hpp"
#include "package_types.hpp"

namespace ooxml {

class PackageReader {
 public:
  PackageReader(const PackageLimits& limits, Findings& findings) : m_limits(limits), m_findings(findings) {}
  std::unique_ptr<Package> open(int file);

 private:
  struct RelationEntry {
    std::size_t entry;
    std::string name, of;  // its own, and that of the part whose relationships it lists
  };

  void tell(Severity severity, std::string code, std::string part, std::string message, std::string remedy,
            std::string name = "");
  const std::vector<Entry>& entries() const { return m_package->m_archive->entries(); }
  Part* find(std::string_view name) { return const_cast<Part*>(m_package->part(name)); }

  bool tell_compound(const Bytes& bytes);
  // Reads one of the small parts that the package itself is made of. False, and told: it could not be read.
  bool read_map(std::size_t entry, const std::string& name, const std::function<void(Source&)>& read);
  bool find_types();
  void list_parts();
  void check_part_names();
  void read_all_relations();
  bool read_relations_of(const RelationEntry& one);
  void resolve(const std::string& from, std::vector<Relationship>& relations);
  void tell_dangling(const std::string& from, const Relationship& relation);

  void find_main();
  void tell_main(const Part& main);
  void reach();
  void tell_reached(const Part& part);
  void check_types_of_relations();
  void check_shape(const std::string& from, const Relationship& relation, const Part& part, bool again);
  void tell_macros();
  void look_into_nested();

  const PackageLimits& m_limits;
  Findings& m_findings;
  std::unique_ptr<Package> m_package;
  ContentTypes m_types;
  std::vector<RelationEntry> m_relation_entries;
  std::uint64_t m_map_bytes = 0;  // of content types and relationships, so far
  std::size_t m_count = 0;        // of relationships
  bool m_has_roots = false;
  bool m_blind = false;  // some relationships could not be read: nobody knows what they lead to
};

}  // namespace ooxml

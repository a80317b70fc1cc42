// A file of Office as a package: its parts, what kind each is, and how they are related (ECMA-376 part 2). Opening it
// looks at the directory, the content types and all relationships, which are small; a part's own text is read when
// somebody asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archive.hpp"
#include "finding.hpp"

namespace ooxml {

enum class Kind : std::uint8_t { unknown, word, sheet, slides };

struct Relationship {
  std::string id;
  std::string type;    // the last word of its address in the transitional form: "styles", "worksheet", "officeDocument"
  std::string uri;     // as the file writes it
  std::string target;  // the part's name, absolute and normalised; of an external one, as it is written
  bool external = false;
};

struct Part {
  std::string name;  // "/word/document.xml"
  std::string content_type;
  std::size_t entry = 0;                // in the archive
  std::vector<Relationship> relations;  // that begin here
  bool reachable = false;               // from the root, by relationships
  bool spoiled = false;                 // a finding has told why it cannot be read

  // The relationship with an id; null: there is none.
  const Relationship* relation(std::string_view id) const;
  // The first of a type; null: there is none.
  const Relationship* relation_of(std::string_view type) const;
};

struct PackageLimits {
  std::uint64_t part_bytes = 1ULL << 30;   // of one part's text
  std::uint64_t total_bytes = 4ULL << 30;  // of all
  double ratio = 200;                      // how many bytes one byte may become, beyond the first 16 MiB of a part
  std::size_t entries = 65536;
  std::size_t relations = 200000;         // in all of it
  std::uint64_t map_bytes = 64ULL << 20;  // of the content types and of all relationships, together
};

class Package {
 public:
  // Opens what is there, and puts what is wrong with it as a package into `findings`. Null: it is no package that could
  // be looked into any further, and one finding of severity `refused` says why ("not-a-zip", "encrypted",
  // "legacy-format", "truncated", …).
  static std::unique_ptr<Package> open(int file, const PackageLimits& limits, Findings& findings);

  Kind kind() const { return m_kind; }
  bool strict() const { return m_strict; }
  bool macros() const { return m_macros; }                    // of a kind that may have them: .docm, .xlsm
  bool is_template() const { return m_is_template; }          // .dotx, .xltx
  const std::vector<Part>& parts() const { return m_parts; }  // by their names
  const Part* part(std::string_view name) const;              // whatever the case of its letters; null: there is none
  const Part* main() const { return m_main; }                 // the document or the workbook; null: there is none
  const std::vector<Relationship>& roots() const { return m_roots; }

  // The text of a part, piece by piece: each piece is good until the next is asked for; an empty one is the end. Throws
  // `Spoiled` where it cannot be inflated, its checksum is wrong or a limit is met.
  std::unique_ptr<Source> read(const Part& part) const;
  // The whole of a part that may not be bigger than `most`; throws `Spoiled`.
  std::string whole(const Part& part, std::size_t most) const;
  const Archive& archive() const { return *m_archive; }

 private:
  friend class PackageReader;
  Package() = default;
  PackageLimits m_limits;
  std::unique_ptr<Archive> m_archive;
  std::vector<Part> m_parts;
  std::unordered_map<std::string, std::size_t> m_places;  // of parts, by what their names are compared by
  std::vector<Relationship> m_roots;
  const Part* m_main = nullptr;
  Kind m_kind = Kind::unknown;
  bool m_strict = false, m_macros = false, m_is_template = false;
};

}  // namespace ooxml

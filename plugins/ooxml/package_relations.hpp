// Relationships of a package or of one of its parts, as a ".rels" part lists them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archive.hpp"
#include "finding.hpp"
#include "package.hpp"

namespace ooxml {

// What a relationship's type is called, whatever edition of the standard its address is of: the last word of an address
// that is known, and otherwise all of it.
std::string relation_word(std::string_view uri);

// `part`: the one that they begin at ("/": the package); `name`: the one that lists them. No more than `most` of them.
// Throws `Malformed` and `Spoiled`; what is wrong but can be read goes to `findings`.
std::vector<Relationship> read_relations(Source& source, std::string_view part, std::string_view name, std::size_t most,
                                         Findings& findings);

}  // namespace ooxml

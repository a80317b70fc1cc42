// [Content_Types].xml: what kind each part of a package is.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "archive.hpp"
#include "finding.hpp"

namespace ooxml {

inline constexpr std::string_view types_name = "/[Content_Types].xml";

struct ContentTypes {
  std::unordered_map<std::string, std::string> by_extension, by_part;  // in small letters
  // Of a part, as the standard says: its own, or that of its extension; empty: none.
  std::string of(std::string_view part) const;
};

// Throws `Malformed` and `Spoiled`; what is wrong but can be read goes to `findings`.
ContentTypes read_types(Source& source, Findings& findings);

}  // namespace ooxml

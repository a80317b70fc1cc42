// What the kinds of relationships mean for the parts that they lead to.
#pragma once

#include <string_view>

namespace ooxml {

// Whether a part of this content type may be what a relationship of this type leads to; of types that are not known
// anything may.
bool fits(std::string_view relation_type, std::string_view content_type);
// What its content type would have to be; empty: it is not known.
std::string_view content_type_for(std::string_view relation_type);
// Of one part there is no more than one relationship of this type.
bool stands_once(std::string_view relation_type);

}  // namespace ooxml

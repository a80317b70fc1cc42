// Names of parts: what is the same name, what a relationship's target means, and which names lead astray.
#pragma once

#include <string>
#include <string_view>

namespace ooxml {

// By what names are compared: small letters (of ASCII), with what is percent-encoded decoded, and single slashes.
std::string name_key(std::string_view name);
// Whether it is one that the standard allows: letters that stand in addresses as they are, all others percent-encoded,
// and those alone; no piece ends with a dot.
bool proper_name(std::string_view name);
// Leads out of the folder that it is unpacked into, on some system or other.
bool unsafe_name(std::string_view name);
// "/word/_rels/document.xml.rels" of "/word/document.xml"; "/_rels/.rels" of "/".
std::string relations_name(std::string_view part);
// The part whose relationships a part has, by its name; empty: it has none's.
std::string related_part(std::string_view name);
// An internal target as a part's name, absolute and without "." and "..": seen from the part that it stands in.
// What follows "#" or "?" is left off; a target that is nothing but that is the part itself.
std::string resolve_target(std::string_view part, std::string_view target);
// "xml" of "/word/document.XML", in small letters; empty: it has none.
std::string extension(std::string_view name);

}  // namespace ooxml

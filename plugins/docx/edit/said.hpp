// Text that a client says and a document is to hold: whatever it is, what is written is XML.
#pragma once

#include <string>
#include <string_view>

#include "serve/asked.hpp"

namespace docx {

// A field of the input, for a document; an Error (422) if XML has no room for it: it is no UTF-8, or has characters
// that XML does not allow.
std::string said(const ooxml::serve::Asked& asked, const char* field, const std::string& otherwise = {});

// How many bytes the character at a place has that begins there; 0: it is none, or one that XML does not allow.
std::size_t character_at(std::string_view text, std::size_t at);

// The first characters of a name's words: of three words at most.
std::string initials_of(const std::string& author);

}  // namespace docx

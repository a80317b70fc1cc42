// What a page says, as Markdown, as text, as tables: made of its elements, as a script of ours writes them down.
#pragma once

#include <string>
#include <vector>

#include "cdp.hpp"

namespace browser {

// An element is [name, {attributes}, [children]], a text is a text. `block`, an attribute: it begins a line.

// The part of a page that is its matter, and not the way to other pages: <main>, the one <article>, or whatever has
// most of the text that is no link.
const Json& matter_of(const Json& body);
// Without what leads elsewhere (<nav>, <aside>, <footer>) unless it is to be `whole`.
std::string markdown_of(const Json& node, bool whole);
std::string plain_text_of(const Json& node, bool whole);
// [{caption, columns: […], rows: [[…], …]}, …]
Json tables_of(const Json& node);
// [{text, url}, …], each once.
Json links_of(const Json& node, std::size_t most);

}  // namespace browser

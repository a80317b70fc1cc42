// How new elements are written beside those that are there: by the same prefix, which no attribute can do without.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "edit/tree.hpp"

namespace docx {

struct Names {
  std::string element{}, attribute{};  // with their colons; "" where the space is the default one
  // What an element says of its prefix, and one with attributes of theirs; mostly nothing.
  std::string own{}, declaration{};
};

// As this node itself is called, for what comes beside it or into it; `usual` is the prefix for attributes where it has
// none. What it alone declares holds for nothing beside it.
Names names_of(const Tree& tree, std::uint32_t node, const std::string& usual = "w");

// A new element: its name, its attributes by theirs ({"id", "1"}), and what is in it.
std::string element_of(const Names& names, const std::string& name,
                       std::initializer_list<std::pair<const char*, std::string>> attributes,
                       const std::string& content = {});

// <w:t>, of a text that is escaped; its blanks stay.
std::string text_element(const Names& names, const std::string& text);

// At the end of the root, which may be written as "<x/>".
void append_child(const Tree& tree, Edits& edits, const std::string& child);

}  // namespace docx

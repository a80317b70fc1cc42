// What of a page a model needs to see: its accessibility tree, in lines, each thing that can be used with a ref.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tab.hpp"

namespace browser {

struct Tree {  // of one frame
  std::string session;
  Json nodes;                                         // as Accessibility.getFullAXTree gives them
  std::vector<std::pair<std::int64_t, Tree>> frames;  // inside it: by the number of the element that shows them
};

// One line each, indented by what it is in.
std::vector<std::string> lines_of(const Tree& tree, Refs& refs);

Task<Tree> tree_of(Patience& patience, std::shared_ptr<Tab> tab);

// Those from `from` on, as many as fit into `most` bytes; at least one.
struct Piece {
  std::string text;
  std::size_t next = 0;  // the first that had no room; 0: all had
};
Piece piece_of(const std::vector<std::string>& lines, std::size_t from, std::size_t most);

// What is new and what is gone: "+ …" and "- …".
std::vector<std::string> changes(const std::vector<std::string>& before, const std::vector<std::string>& now);

}  // namespace browser

// Elements of a page, as they are written down for markdown.hpp: what they are, and what is in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cdp.hpp"
#include "words.hpp"

namespace browser::elements {

const Json& children(const Json& node);
std::string name_of(const Json& node);
std::string attribute(const Json& node, const char* name);
bool is_block(const Json& node);
bool leads_away(const Json& node);  // to other pages: <nav> and the like

std::string spaces_as_one(std::string_view text);
// Without spaces at the ends of lines; `lines`: what is broken stays broken.
std::string squeezed(std::string_view text, bool lines = true);
std::string text_as_it_is(const Json& node);
std::size_t size_of_text(const Json& node, bool links);

struct Row {
  bool head = false;
  std::vector<std::string> cells;
};
std::vector<Row> rows_of(const Json& table);
bool is_data(const Json& table);  // and no way to put things beside each other

constexpr int deepest = 250;
// Each element and text, from the top, into those of which `each` says true.
template <class Each>
void walk(const Json& node, int depth, const Each& each) {
  if (depth > deepest || !each(node)) return;
  for (const Json& child : children(node)) walk(child, depth + 1, each);
}

}  // namespace browser::elements

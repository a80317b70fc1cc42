// What of a page is its matter, and what of it is tables and links.
#include <set>

#include "elements.hpp"
#include "markdown.hpp"

namespace browser {

const Json& matter_of(const Json& body) {
  const Json* found = nullptr;
  int articles = 0;
  const Json* article = nullptr;
  elements::walk(body, 0, [&](const Json& one) {
    if (!found && (elements::name_of(one) == "main" || elements::attribute(one, "role") == "main")) found = &one;
    if (elements::name_of(one) == "article" && ++articles == 1) article = &one;
    return found == nullptr;
  });
  const std::size_t all = elements::size_of_text(body, false);
  if (found && elements::size_of_text(*found, false) * 4 >= all) return *found;
  if (articles == 1 && elements::size_of_text(*article, false) * 3 >= all) return *article;
  const Json* at = &body;
  for (bool deeper = true; deeper;) {  // as long as one of its parts has nearly all of it
    deeper = false;
    for (const Json& child : elements::children(*at)) {
      if (!elements::is_block(child) || elements::leads_away(child) ||
          one_of(elements::name_of(child), {"p", "table", "ul", "ol", "pre", "blockquote"}))
        continue;
      if (elements::size_of_text(child, false) * 10 < all * 9) continue;
      at = &child;
      deeper = true;
      break;
    }
  }
  return *at;
}

Json tables_of(const Json& node) {
  Json all = Json::array();
  elements::walk(node, 0, [&all](const Json& one) {
    if (elements::name_of(one) != "table" || !elements::is_data(one)) return true;
    Json table = with("caption", "", "columns", Json::array(), "rows", Json::array());
    for (const Json& child : elements::children(one))
      if (elements::name_of(child) == "caption")
        table["caption"] = elements::squeezed(plain_text_of(child, true), false);
    const auto rows = elements::rows_of(one);
    for (std::size_t i = 0; i < rows.size(); ++i)
      (i == 0 && rows[i].head ? table["columns"] : table["rows"].emplace_back()) = rows[i].cells;
    all.push_back(std::move(table));
    return false;
  });
  return all;
}

Json links_of(const Json& node, std::size_t most) {
  Json all = Json::array();
  std::set<std::string> told;
  elements::walk(node, 0, [&](const Json& one) {
    const std::string url = elements::name_of(one) == "a" ? elements::attribute(one, "href") : "";
    if (url.empty() || all.size() >= most || !told.insert(url).second) return true;
    all.push_back(with("text", elements::squeezed(plain_text_of(one, true), false), "url", url));
    return true;
  });
  return all;
}

}  // namespace browser

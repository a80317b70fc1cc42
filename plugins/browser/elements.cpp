// No tree is trusted to be shallow: each walk knows how deep it is.
#include "elements.hpp"

#include <algorithm>
#include <utility>

#include "markdown.hpp"

namespace browser::elements {

namespace {

constexpr std::size_t most_columns = 200, most_rows = 5000;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

void gather_rows(const Json& node, std::vector<Row>& rows, bool head, int depth) {
  for (const Json& child : children(node)) {
    const std::string name = name_of(child);
    if (one_of(name, {"thead", "tbody", "tfoot"}) && depth < 3) gather_rows(child, rows, name == "thead", depth + 1);
    if (name != "tr" || rows.size() >= most_rows) continue;
    Row row;
    bool all_heads = true;
    for (const Json& cell : children(child)) {
      const std::string kind = name_of(cell);
      if (kind != "td" && kind != "th") continue;
      all_heads &= kind == "th";
      row.cells.push_back(squeezed(plain_text_of(cell, true), false));
      const int span = std::atoi(attribute(cell, "colspan").c_str());
      for (int i = 1; i < span && row.cells.size() < most_columns; ++i) row.cells.emplace_back();
    }
    row.head = head || (all_heads && !row.cells.empty());
    if (!row.cells.empty()) rows.push_back(std::move(row));
  }
}

}  // namespace

const Json& children(const Json& node) {
  static const Json none = Json::array();
  return node.is_array() && node.size() == 3 && node[2].is_array() ? node[2] : none;
}

std::string name_of(const Json& node) {
  return node.is_array() && node.size() == 3 && node[0].is_string() ? node[0].get<std::string>() : "";
}

std::string attribute(const Json& node, const char* name) {
  return node.is_array() && node.size() == 3 ? text_of(node[1], name) : "";
}

bool is_block(const Json& node) {
  const std::string name = name_of(node);
  if (name.empty()) return false;
  if (!attribute(node, "block").empty() ||
      one_of(name, {"p",      "div",        "h1",    "h2",    "h3",      "h4",      "h5",   "h6",   "ul", "ol", "li",
                    "pre",    "blockquote", "table", "hr",    "section", "article", "main", "body", "dl", "dt", "dd",
                    "figure", "menu",       "nav",   "aside", "header",  "footer",  "form", "tr",   "td", "th"}))
    return true;
  if (one_of(name, {"a", "b", "strong", "em", "i", "del", "s", "code", "button", "label"})) return false;
  // What is around blocks breaks the line as they do: a frame, a slot.
  return std::any_of(children(node).begin(), children(node).end(),
                     [](const Json& child) { return !attribute(child, "block").empty() || name_of(child) == "body"; });
}

bool leads_away(const Json& node) {
  return one_of(name_of(node), {"nav", "aside", "footer", "dialog"}) ||
         one_of(attribute(node, "role"), {"navigation", "complementary", "contentinfo", "search", "dialog"});
}

std::string spaces_as_one(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_space(c))
      out += c;
    else if (out.empty() || out.back() != ' ')
      out += ' ';
  }
  return out;
}

std::string squeezed(std::string_view text, bool lines) {
  std::string out;
  for (char c : text) {
    if (c == '\n' && !lines) c = ' ';
    if (c == '\n')
      while (!out.empty() && out.back() == ' ') out.pop_back();
    if (is_space(c) && (out.empty() || out.back() == '\n' || (out.back() == ' ' && c != '\n'))) continue;
    out += c == '\n' ? '\n' : is_space(c) ? ' ' : c;
  }
  while (!out.empty() && is_space(out.back())) out.pop_back();
  return out;
}

std::string text_as_it_is(const Json& node) {
  std::string all;
  walk(node, 0, [&all](const Json& one) {
    if (one.is_string()) all += one.get_ref<const std::string&>();
    if (name_of(one) == "br") all += '\n';
    return true;
  });
  return all;
}

std::size_t size_of_text(const Json& node, bool links) {
  std::size_t size = 0;
  walk(node, 0, [&](const Json& one) {
    if (one.is_string()) size += squeezed(one.get_ref<const std::string&>()).size();
    return links || (name_of(one) != "a" && !leads_away(one));
  });
  return size;
}

std::vector<Row> rows_of(const Json& table) {
  std::vector<Row> rows;
  gather_rows(table, rows, false, 0);
  return rows;
}

bool is_data(const Json& table) {
  if (one_of(attribute(table, "role"), {"presentation", "none"})) return false;
  bool nested = false;
  for (const Json& child : children(table))
    walk(child, 1, [&nested](const Json& one) {
      nested |= one_of(name_of(one), {"table", "h1", "h2", "h3", "ul", "ol", "pre"});
      return !nested;
    });
  if (nested) return false;
  const auto rows = rows_of(table);
  return rows.size() > 1 && std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.cells.size() > 1; });
}

}  // namespace browser::elements

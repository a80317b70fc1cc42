// An attribute without a prefix is of no space, even where the default one is its element's.
#include "edit/names.hpp"

namespace docx {

Names names_of(const Tree& tree, std::uint32_t node, const std::string& usual) {
  const Node& one = tree.at(node);
  const std::uint32_t around = one.parent == none ? node : one.parent;
  const std::string address = "=\"" + escaped(tree.address(node)) + "\"";
  const std::string prefix = one.prefix.empty() ? std::string() : std::string(one.prefix) + ":";
  Names names{prefix, prefix, {}, {}};
  if (tree.space_of(around, one.prefix) != one.space)
    names.own = " xmlns" + (prefix.empty() ? "" : ":" + std::string(one.prefix)) + address;
  if (!prefix.empty()) return names;
  std::string fresh = usual;
  if (one.space == Space::other || tree.space_of(around, usual) != one.space) {
    for (int number = 1; tree.declares(fresh); ++number) fresh = usual + std::to_string(number);
    names.declaration = " xmlns:" + fresh + address;
  }
  names.attribute = fresh + ":";
  return names;
}

std::string text_element(const Names& names, const std::string& text) {
  return "<" + names.element + "t" + names.own + " xml:space=\"preserve\">" + text + "</" + names.element + "t>";
}

void append_child(const Tree& tree, Edits& edits, const std::string& child) {
  const Node& root = tree.at(0);
  if (!root.empty()) return edits.insert(root.close_begin, child);
  const std::string name = (root.prefix.empty() ? "" : std::string(root.prefix) + ":") + std::string(root.local);
  edits.replace(root.end - 2, root.end, ">" + child + "</" + name + ">");
}

std::string element_of(const Names& names, const std::string& name,
                       std::initializer_list<std::pair<const char*, std::string>> attributes,
                       const std::string& content) {
  std::string text = "<" + names.element + name + names.own;
  if (attributes.size() > 0) text += names.declaration;
  for (const auto& [attribute, value] : attributes)
    text += " " + names.attribute + attribute + "=\"" + escaped(value) + "\"";
  if (content.empty()) return text + "/>";
  return text + ">" + content + "</" + names.element + name + ">";
}

}  // namespace docx

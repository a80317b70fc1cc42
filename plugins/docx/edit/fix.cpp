// Deepest first: what lies within an element that is put into order is put right before.
#include "edit/fix.hpp"

#include <algorithm>
#include <utility>

#include "edit/orders.hpp"

namespace docx {

namespace {

struct Child {
  std::size_t rank;
  std::string_view source;
};

// Others that stand where these stand.
std::string_view stand_in(const Tree& tree, std::uint32_t child) {
  const auto name = tree.at(child).local;
  if (name == "footerReference") return "headerReference";
  if (name != "sdt" && name != "customXml") return name;
  const auto parent = tree.at(child).parent;
  return tree.is(parent, Space::w, "tr") ? "tc" : tree.is(parent, Space::w, "tbl") ? "tr" : name;
}

// Whether an order speaks of it: of names of Word's, and of two guests among its settings.
bool is_ordered(const Tree& tree, std::uint32_t child) {
  return tree.at(child).space == Space::w || tree.at(child).local == "mathPr" ||
         tree.at(child).local == "schemaLibrary";
}

// The children with their places in the order. What is not known there stays behind what it follows; but sectPr is the
// last of a body, whatever else there is.
std::vector<Child> ranked(const Tree& tree, std::uint32_t node, const std::vector<std::string_view>& order) {
  std::vector<Child> children;
  const bool body = tree.is(node, Space::w, "body");
  std::size_t last = 0;
  for (std::uint32_t at = tree.at(node).first; at != none; at = tree.at(at).next) {
    const auto found = std::find(order.begin(), order.end(), stand_in(tree, at));
    if (found != order.end() && is_ordered(tree, at))
      last = static_cast<std::size_t>(found - order.begin()) + 1;
    else if (body)
      last = 0;
    children.push_back({last, tree.source(at)});
  }
  return children;
}

// The properties that are an element's first child, where the rest is in any order; none: it has no such.
std::uint32_t leader_of(const Tree& tree, std::uint32_t node) {
  constexpr std::pair<std::string_view, std::string_view> leaders[] = {{"p", "pPr"}, {"r", "rPr"}, {"tc", "tcPr"}};
  for (const auto& [name, properties] : leaders) {
    if (tree.is(node, Space::w, name)) return tree.child(node, Space::w, properties);
  }
  return none;
}

// False: they are in order, or there is none.
bool sort_children(const Tree& tree, std::uint32_t node, Edits& edits, std::vector<Repair>& repairs) {
  const auto* order = order_of(tree, node);
  if (!order) return false;
  auto children = ranked(tree, node, *order);
  const auto before = [](const Child& a, const Child& b) { return a.rank < b.rank; };
  if (std::is_sorted(children.begin(), children.end(), before)) return false;
  std::stable_sort(children.begin(), children.end(), before);
  std::string all;
  for (const auto& one : children) all += one.source;
  edits.replace(tree.at(node).open_end, tree.at(node).close_begin, std::move(all));
  note_repair(repairs, tree, node, "element-order",
              "put the children of " + std::string(written_name(tree, node)) + " into order");
  return true;
}

}  // namespace

void fix_order(const Tree& tree, Edits& edits, std::vector<Repair>& repairs) {
  std::uint32_t changed_from = none;  // nodes from here on, up to what is looked at, hold a change
  for (std::uint32_t node = static_cast<std::uint32_t>(tree.nodes().size()); node-- > 0;) {
    const bool holds = changed_from != none && changed_from < tree.after(node);
    if (holds) continue;
    if (sort_children(tree, node, edits, repairs)) {
      changed_from = node;
      continue;
    }
    // One that comes second is not moved: it would change places with the first for ever.
    const auto leader = leader_of(tree, node);
    if (leader == none || tree.at(node).first == leader) continue;
    edits.remove(tree.at(leader).begin, tree.at(leader).end);
    edits.insert(tree.at(node).open_end, std::string(tree.source(leader)));
    note_repair(repairs, tree, leader, "element-order", "put " + std::string(written_name(tree, leader)) + " first");
    changed_from = node;
  }
}

std::string_view written_name(const Tree& tree, std::uint32_t node) {
  const Node& one = tree.at(node);
  return std::string_view(tree.text())
      .substr(one.begin + 1, one.prefix.size() + (one.prefix.empty() ? 0 : 1) + one.local.size());
}

void note_repair(std::vector<Repair>& repairs, const Tree& tree, std::uint32_t node, const char* kind,
                 std::string message) {
  repairs.push_back({kind, {}, std::move(message), tree.at(node).line});
}

}  // namespace docx

// Ids that are there twice. The first one keeps its own, since what refers to it was most likely meant so.
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <utility>

#include "edit/fix.hpp"

namespace docx {

namespace {

std::string free_number(std::set<std::string>& taken, std::size_t& next) {
  for (;; ++next) {
    std::string id = std::to_string(next);
    if (taken.insert(id).second) return id;
  }
}

std::string free_hex(std::set<std::string>& taken, std::size_t& next) {
  for (;; ++next) {
    char id[16];
    std::snprintf(id, sizeof id, "%08X", static_cast<unsigned>((0x10000000u + next * 2654435761u) & 0x7FFFFFFFu));
    if (std::string(id) != "00000000" && taken.insert(id).second) return id;
  }
}

// Marks of ranges, which come in pairs of one id: their names without "Start" and "End".
constexpr std::string_view range_names[] = {"bookmark", "perm", "moveFromRange", "moveToRange"};

// What an element's id is unique among: its name, and for tracked changes what they are of, as validate has it. Empty:
// it has no such id.
std::string kind_of_id(const Tree& tree, std::uint32_t node) {
  constexpr std::string_view changes[] = {"ins",           "del",           "moveFrom",     "moveTo",
                                          "cellIns",       "cellDel",       "cellMerge",    "numberingChange",
                                          "rPrChange",     "pPrChange",     "sectPrChange", "tblPrChange",
                                          "tblPrExChange", "tblGridChange", "trPrChange",   "tcPrChange"};
  const Node& one = tree.at(node);
  if (one.space != Space::w || one.parent == none) return {};
  if (std::find(std::begin(changes), std::end(changes), one.local) == std::end(changes)) return {};
  const Node& parent = tree.at(one.parent);
  const bool of_look =
      parent.space == Space::w && (parent.local == "rPr" || parent.local == "trPr" || parent.local == "numPr");
  if (one.local == "rPrChange") {
    const bool of_mark = parent.parent != none && tree.is(parent.parent, Space::w, "pPr");
    return of_mark ? "rPrChange of a mark" : "rPrChange";
  }
  if (of_look) return std::string(one.local) + " of a look";
  return std::string(one.local) + (parent.local == "ctrlPr" ? " of a formula" : "");
}

// The ids of one part that are unique in it alone.
class PartIds {
 public:
  PartIds(const Tree& tree, Edits& edits, std::vector<Repair>& repairs)
      : m_tree(tree), m_edits(edits), m_repairs(repairs) {
    for (std::uint32_t node = 0; node < tree.nodes().size(); ++node) {
      if (tree.at(node).space == Space::w) m_all.insert(tree.attribute(node, Space::w, "id").value_or(""));
    }
  }

  void look(std::uint32_t node) {
    const std::string kind = kind_of_id(m_tree, node);
    if (!kind.empty()) return look_at_change(node, kind);
    const auto name = m_tree.at(node).local;
    for (const auto range : range_names) {
      if (m_tree.at(node).space != Space::w || name.substr(0, range.size()) != range) continue;
      if (name.substr(range.size()) == "Start") return begin(node, std::string(range));
      if (name.substr(range.size()) == "End") return end(node, std::string(range));
    }
  }

 private:
  void look_at_change(std::uint32_t node, const std::string& kind) {
    const auto id = m_tree.attribute(node, Space::w, "id");
    if (id && !m_seen[kind].insert(*id).second) give(node, *id, free_number(m_all, m_next));
  }
  void begin(std::uint32_t node, const std::string& range) {
    const auto id = m_tree.attribute(node, Space::w, "id");
    if (!id) return;
    std::string now = *id;
    if (!m_seen[range].insert(now).second) give(node, *id, now = free_number(m_all, m_next));
    m_open[range + " " + *id].push_back(std::move(now));
  }
  // Of what began last under this id; an end that has no begin stays as it is.
  void end(std::uint32_t node, const std::string& range) {
    const auto id = m_tree.attribute(node, Space::w, "id");
    if (!id) return;
    auto& open = m_open[range + " " + *id];
    if (open.empty()) return;
    if (open.back() != *id) write(node, open.back());
    open.pop_back();
  }
  void give(std::uint32_t node, const std::string& id, const std::string& fresh) {
    write(node, fresh);
    note_repair(m_repairs, m_tree, node, "duplicate-id",
                std::string(written_name(m_tree, node)) + " " + id + " was there twice; this one is " + fresh);
  }
  void write(std::uint32_t node, const std::string& id) {
    const auto range = m_tree.attribute_range(node, Space::w, "id");
    m_edits.replace(range->begin, range->end, id);
  }

  const Tree& m_tree;
  Edits& m_edits;
  std::vector<Repair>& m_repairs;
  std::set<std::string> m_all;  // of any kind: a fresh one is none of them
  std::size_t m_next = 1;
  std::map<std::string, std::set<std::string>> m_seen;
  std::map<std::string, std::vector<std::string>> m_open;  // ranges by their written ids: the ids that they have now
};

}  // namespace

void fix_ids(const Tree& tree, SeenIds& seen, Edits& edits, std::vector<Repair>& repairs) {
  const auto other = [&](std::uint32_t node, Space space, std::string_view name, std::set<std::string>& taken, bool hex,
                         const char* what) {
    const auto id = tree.attribute(node, space, name);
    if (!id || taken.insert(*id).second) return;
    const std::string fresh = hex ? free_hex(taken, seen.next) : free_number(taken, seen.next);
    const auto range = tree.attribute_range(node, space, name);
    edits.replace(range->begin, range->end, fresh);
    note_repair(repairs, tree, node, "duplicate-id",
                std::string(what) + " " + *id + " was there twice; this one is " + fresh);
  };
  PartIds own(tree, edits, repairs);
  for (std::uint32_t node = 0; node < tree.nodes().size(); ++node) {
    if (tree.within(node, Space::mc, "Fallback")) continue;  // says the same again
    own.look(node);
    if (tree.is(node, Space::wp, "docPr")) other(node, Space::other, "id", seen.pictures, false, "the drawing");
    if (tree.is(node, Space::w, "p") || tree.is(node, Space::w, "tr"))
      other(node, Space::w14, "paraId", seen.paragraphs, true, "the paragraph");
    if (tree.is(node, Space::w, "id") && tree.is(tree.at(node).parent, Space::w, "sdtPr"))
      other(node, Space::w, "val", seen.controls, false, "the content control");
  }
}

}  // namespace docx

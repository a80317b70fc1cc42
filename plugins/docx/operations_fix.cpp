// What can be put right without asking, in a new file.
#include <utility>

#include "edit/editing.hpp"
#include "edit/fix.hpp"
#include "operations.hpp"

namespace docx {

using berth::Error;
using berth::Json;
using ooxml::serve::Asked;

namespace {

constexpr Role fixed[] = {Role::document, Role::styles, Role::numbering, Role::footnotes, Role::endnotes,
                          Role::comments, Role::header, Role::footer,    Role::settings};

bool is_fixed(Role role) {
  for (const Role one : fixed) {
    if (one == role) return true;
  }
  return false;
}

void note(std::vector<Repair>& all, std::vector<Repair> some, const std::string& part) {
  for (auto& one : some) {
    one.part = part;
    all.push_back(std::move(one));
  }
}

// Until nothing is left, or as often as elements may lie in each other.
void fix_part(Editing& editing, const ooxml::Part& part, SeenIds& seen, std::vector<Repair>& all) {
  constexpr int most_passes = 32;
  for (int pass = 0; pass < most_passes; ++pass) {
    Edits edits;
    std::vector<Repair> repairs;
    fix_order(editing.tree(part), edits, repairs);
    if (edits.empty()) break;
    editing.change(part, edits);
    note(all, std::move(repairs), part.name);
  }
  Edits tables, ids;
  std::vector<Repair> repairs;
  fix_tables(editing.tree(part), tables, repairs);
  editing.change(part, tables);
  fix_ids(editing.tree(part), seen, ids, repairs);
  editing.change(part, ids);
  note(all, std::move(repairs), part.name);
}

// "output/a.docx" becomes "output/a.fixed.docx".
std::string beside(const std::string& path) {
  const auto dot = path.rfind('.'), slash = path.rfind('/');
  if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return path + ".fixed";
  return path.substr(0, dot) + ".fixed" + path.substr(dot);
}

}  // namespace

Json fix_operation(const Asked& asked) {
  const std::string path = asked.input.at("path");
  const std::string to = asked.input.contains("to") ? asked.text("to") : beside(path);
  if (to == path) throw Error(400, "original", "the original is never written over", "say another name in `to`");
  Editing editing(asked);
  SeenIds seen;
  std::vector<Repair> repairs;
  for (const auto& part : editing.package().parts()) {
    if (is_fixed(role_of(editing.package(), part))) fix_part(editing, part, seen, repairs);
  }
  Json changes = Json::array();
  constexpr std::size_t most_told = 1000;
  for (const auto& one : repairs) {
    if (changes.size() < most_told)
      changes.push_back({{"id", one.kind}, {"part", one.part}, {"line", one.line}, {"message", one.message}});
  }
  Json answer{{"changed", repairs.size()}, {"changes", std::move(changes)}, {"file", nullptr}};
  if (!repairs.empty()) answer["file"] = editing.put({to, asked.input.value("replace", false), {}});
  return answer;
}

}  // namespace docx

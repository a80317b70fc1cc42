// What comes of a package's directory, content types and relationships: which part is the main one, what kind of file
// it makes, what can be reached from it, and what must not be there.
#include <deque>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "archive_directory.hpp"
#include "package_kind.hpp"
#include "package_reader.hpp"
#include "package_shape.hpp"
#include "part_name.hpp"

namespace ooxml {

namespace {

constexpr std::string_view root_relations = "/_rels/.rels";

}  // namespace

// In the order that the parts have, all that are derived from a name follow it at once.
void PackageReader::check_part_names() {
  std::string before;
  for (const auto& part : m_package->m_parts) {
    std::string key = name_key(part.name);
    if (!before.empty() && key.size() > before.size() && key[before.size()] == '/' && key.starts_with(before))
      tell(Severity::refused, "bad-part-name", part.name, "The name of a part begins with the whole name of another.",
           "Give one of the two another name.");
    else
      before = std::move(key);
  }
}

void PackageReader::find_main() {
  if (!m_has_roots)
    return tell(Severity::refused, "missing-relationships", std::string(root_relations),
                "The package does not say which part is its document.",
                "Add _rels/.rels, or save the file with Office.");
  const Relationship* main = nullptr;
  for (const auto& one : m_package->m_roots) {
    if (one.external || one.type != "officeDocument") continue;
    if (main) {
      tell(Severity::refused, "several-main-parts", std::string(root_relations),
           "The package names more than one main part.", "Keep one relationship of type officeDocument.");
      break;
    }
    main = &one;
  }
  m_package->m_main = main ? m_package->part(main->target) : nullptr;
  if (m_package->m_main) {
    m_package->m_strict = main->uri.starts_with("http://purl.oclc.org/ooxml/");
    tell_main(*m_package->m_main);
  } else if (!m_blind) {
    tell(Severity::refused, "missing-main-part", main ? main->target : std::string(root_relations),
         "The package has no main part: no document and no workbook.",
         "Let _rels/.rels name it with a relationship of type officeDocument.");
  }
}

void PackageReader::tell_main(const Part& main) {
  const MainKind kind = main_kind(main.content_type);
  m_package->m_kind = kind.binary ? Kind::unknown : kind.kind;
  m_package->m_macros = kind.macros;
  m_package->m_is_template = kind.is_template;
  if (kind.binary)
    tell(Severity::refused, "binary-format", main.name, "The file is a binary workbook (.xlsb).", "Save it as .xlsx.");
  else if (kind.kind == Kind::unknown && !main.content_type.empty())
    tell(Severity::refused, "unknown-kind", main.name,
         "The main part is neither a document nor a workbook: " + main.content_type + ".",
         "Give it the content type of one in [Content_Types].xml.");
}

// Marks what can be reached, however the relationships turn in circles.
void PackageReader::reach() {
  std::deque<Part*> open;
  const auto follow = [&](const std::vector<Relationship>& relations) {
    for (const auto& one : relations) {
      Part* part = one.external ? nullptr : find(one.target);
      if (!part || part->reachable) continue;
      part->reachable = true;
      open.push_back(part);
    }
  };
  for (follow(m_package->m_roots); !open.empty(); open.pop_front()) follow(open.front()->relations);
  for (const auto& part : m_package->m_parts) tell_reached(part);
}

void PackageReader::tell_reached(const Part& part) {
  if (part.content_type.empty()) {
    const std::string untyped = "The content types do not say what this part is.";
    const std::string remedy = "Add its type to [Content_Types].xml, or remove the part.";
    if (part.reachable)
      tell(Severity::refused, "no-content-type", part.name, untyped, remedy);
    else  // the standard has nothing against it, Office has
      m_findings.add({.severity = Severity::repaired,
                      .layer = Layer::rule,
                      .code = "no-content-type",
                      .part = part.name,
                      .message = untyped,
                      .remedy = remedy});
  }
  if (part.reachable && !proper_name(part.name))
    tell(Severity::schema, "bad-part-name", part.name, "The name of a part has letters that must be percent-encoded.",
         "Rename the part, or encode what is not a plain letter or digit.");
  // Where some relationships are missing, it is no wonder that something cannot be reached.
  if (!part.reachable && !m_blind && m_package->m_main)
    tell(Severity::hint, "orphan-part", part.name, "No relationship leads to this part: Office will drop it.",
         "Remove it.");
}

void PackageReader::check_shape(const std::string& from, const Relationship& relation, const Part& part, bool again) {
  if (again && stands_once(relation.type))
    tell(Severity::schema, "relationship-twice", relations_name(from),
         "Two relationships are of a type of which there is one: \"" + relation.type + "\".", "Remove one of the two.",
         relation.id);
  if (part.content_type.empty() || fits(relation.type, part.content_type)) return;
  Finding finding = archive_finding(
      Severity::refused, "wrong-content-type",
      "A part is of another content type than what leads to it says (\"" + relation.type + "\"): " + part.content_type,
      "Correct the content type in [Content_Types].xml, or the relationship.");
  finding.part = part.name;
  finding.expected = content_type_for(relation.type);
  m_findings.add(std::move(finding));
}

// What leads to a part says what it is: two that differ cannot both be right. Links may lead anywhere.
void PackageReader::check_types_of_relations() {
  std::unordered_map<const Part*, const Relationship*> first;
  const auto check = [&](const std::string& from, const std::vector<Relationship>& relations) {
    std::set<std::string_view> known;
    for (const auto& one : relations) {
      const Part* part = one.external || one.type == "hyperlink" ? nullptr : find(one.target);
      if (!part) continue;
      check_shape(from, one, *part, !known.insert(one.type).second);
      const Relationship* before = first.emplace(part, &one).first->second;
      if (before->type != one.type)
        tell(Severity::schema, "relationships-disagree", relations_name(from),
             "Two relationships lead to one part, and say differently what it is: \"" + before->type + "\" and \"" +
                 one.type + "\".",
             "Correct the target or the type of one of the two.", one.id);
    }
  };
  check("/", m_package->m_roots);
  for (const auto& part : m_package->m_parts)
    if (part.reachable) check(part.name, part.relations);
}

void PackageReader::tell_macros() {
  if (m_package->m_macros)
    return tell(Severity::hint, "has-macros", m_package->m_main->name, "The file is of a kind that may contain macros.",
                "Save it without macros if you do not know who made it.");
  for (const auto& part : m_package->m_parts)
    if (is_macro_part(part.content_type))
      tell(Severity::refused, "macros-not-allowed", part.name,
           "The file contains macros, and is of a kind that must not.",
           "Remove the part and what leads to it, or save the file as .docm or .xlsm.");
}

}  // namespace ooxml

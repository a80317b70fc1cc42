// Parts are kept as texts; content types and relationships are parts like others.
#include "edit/editing.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <set>
#include <utility>

#include "edit/names.hpp"
#include "rewrite.hpp"

namespace docx {

using berth::Error;
using ooxml::Part;

namespace {

constexpr std::size_t most_part = 64u << 20;

struct Kind {
  Role role;
  const char *name, *content_type, *relation;
};
constexpr Kind kinds[] = {
    {Role::comments, "comments.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml",
     "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"},
    {Role::comments_extended, "commentsExtended.xml",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml",
     "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"}};

std::string without_slash(const std::string& part) { return part.substr(part.find_first_not_of('/')); }

std::string folder_of(const std::string& entry) {
  const auto slash = entry.rfind('/');
  return slash == std::string::npos ? std::string() : entry.substr(0, slash + 1);
}

std::string relations_of(const std::string& entry) {
  const std::string folder = folder_of(entry);
  return folder + "_rels/" + entry.substr(folder.size()) + ".rels";
}

std::string free_id(const Tree& relations) {
  std::set<std::string> taken;
  for (std::uint32_t one = 0; one < relations.nodes().size(); ++one)
    taken.insert(relations.attribute(one, Space::other, "Id").value_or(""));
  for (int number = 1;; ++number) {
    std::string id = "rId" + std::to_string(number);
    if (!taken.contains(id)) return id;
  }
}

// A mistake of ours is not to become a document that nobody can open.
void demand_whole_part(const std::string& entry, const std::string& text) {
  try {
    demand_xml(text);
  } catch (const Error& why) {
    if (why.code() != "not_well_formed") throw;
    throw Error(500, "internal", entry + " would not be XML any more, " + why.message(), "nothing was written");
  }
}

// A file without a name, in memory.
struct Paper {
  berth::Fd file{::memfd_create("docx", MFD_CLOEXEC)};
  void* bytes = MAP_FAILED;
  std::size_t size = 0;
  Paper() {
    if (!file) throw Error(507, "no_room", "there is no room for the new file");
  }
  Paper(const Paper&) = delete;
  ~Paper() {
    if (bytes != MAP_FAILED) ::munmap(bytes, size);
  }
  std::string_view read() {
    struct stat about {};
    if (::fstat(file.get(), &about) != 0 || about.st_size <= 0)
      throw Error(500, "no_file", "the new file is not there");
    size = static_cast<std::size_t>(about.st_size);
    bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (bytes == MAP_FAILED) throw Error(507, "no_room", "there is no room for the new file");
    return {static_cast<const char*>(bytes), size};
  }
};

}  // namespace

Editing::Editing(const ooxml::serve::Asked& asked)
    : m_asked(asked), m_opened(ooxml::serve::opened(asked, "path", ooxml::Kind::word)) {}

std::string Editing::text_of(const std::string& entry) {
  const auto changed = m_texts.find(entry);
  if (changed != m_texts.end()) return changed->second;
  const auto& archive = package().archive();
  for (std::size_t i = 0; i < archive.entries().size(); ++i) {
    if (archive.entries()[i].name != entry) continue;
    std::string text;
    constexpr double ratio = 1000;
    const auto source = archive.read(i, most_part, ratio);
    for (auto piece = source->next(); !piece.empty(); piece = source->next()) text += piece;
    return text;
  }
  throw Error(422, "no_part", entry + " is not in the file");
}

const Tree& Editing::tree_of(const std::string& entry) {
  auto& tree = m_trees[entry];
  if (!tree) {
    try {
      tree = std::make_unique<Tree>(text_of(entry));
    } catch (const ooxml::Spoiled& why) {
      throw Error(422, "spoiled", entry + ": " + why.what());
    }
  }
  return *tree;
}

std::string Editing::entry_of(Role role) {
  const auto added = m_added.find(role);
  if (added != m_added.end()) return added->second;
  const Part* part = part_of(package(), role);
  return part ? without_slash(part->name) : std::string();
}

const Tree* Editing::tree(Role role) {
  const std::string entry = entry_of(role);
  return entry.empty() ? nullptr : &tree_of(entry);
}

const Tree& Editing::tree(const Part& part) { return tree_of(without_slash(part.name)); }

void Editing::set(const std::string& entry, std::string text) {
  m_trees.erase(entry);
  m_texts[entry] = std::move(text);
}

void Editing::change(const Part& part, const Edits& edits) {
  if (edits.empty()) return;
  const std::string entry = without_slash(part.name);
  set(entry, edits.apply(tree_of(entry).text()));
}

void Editing::change(Role role, const Edits& edits) {
  const std::string entry = entry_of(role);
  if (!edits.empty()) set(entry, edits.apply(tree_of(entry).text()));
}

void Editing::add(Role role, std::string text) {
  if (!entry_of(role).empty()) return;
  const auto kind = std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind& one) { return one.role == role; });
  const std::string document = without_slash(package().main()->name);
  const std::string entry = folder_of(document) + kind->name;
  if (package().part("/" + entry))
    throw Error(422, "name_taken", "/" + entry + " is there already, and nothing refers to it");
  Edits types;
  append_child(tree_of("[Content_Types].xml"), types,
               "<Override PartName=\"/" + escaped(entry) + "\" ContentType=\"" + kind->content_type + "\"/>");
  set("[Content_Types].xml", types.apply(tree_of("[Content_Types].xml").text()));
  const std::string relations = relations_of(document);
  Edits more;
  append_child(tree_of(relations), more,
               "<Relationship Id=\"" + free_id(tree_of(relations)) + "\" Type=\"" + kind->relation + "\" Target=\"" +
                   kind->name + "\"/>");
  set(relations, more.apply(tree_of(relations).text()));
  set(entry, std::move(text));
  m_added[role] = entry;
}

berth::Json Editing::put(const ooxml::serve::Place& place) {
  for (const auto& [entry, text] : m_texts) demand_whole_part(entry, text);
  ooxml::Changes changes;
  for (const auto& [entry, text] : m_texts) changes.parts[entry] = [&text = text] { return ooxml::text_source(text); };
  Paper paper;
  try {
    ooxml::rewrite(package().archive(), changes, paper.file.get());
  } catch (const ooxml::Spoiled& why) {
    throw Error(422, "spoiled", why.what(), "what is broken cannot be copied: validate the file");
  }
  return m_asked.files.put(place, paper.read());
}

std::string declare_ignorable(const Tree& tree, Edits& edits, Space space) {
  struct Known {
    Space space;
    const char *prefix, *address;
  };
  constexpr Known known[] = {{Space::w14, "w14", "http://schemas.microsoft.com/office/word/2010/wordml"},
                             {Space::w15, "w15", "http://schemas.microsoft.com/office/word/2012/wordml"},
                             {Space::mc, "mc", "http://schemas.openxmlformats.org/markup-compatibility/2006"}};
  const auto declared = [&](const Known& one) -> std::string {
    if (tree.space_of(0, one.prefix) == one.space) return std::string(one.prefix) + ":";
    if (const auto prefix = tree.prefix(0, one.space); prefix && !prefix->empty()) return *prefix;
    const Node& root = tree.at(0);
    edits.insert(root.open_end - (root.empty() ? 2 : 1),
                 std::string(" xmlns:") + one.prefix + "=\"" + one.address + "\"");
    return std::string(one.prefix) + ":";
  };
  const auto at =
      std::find_if(std::begin(known), std::end(known), [&](const Known& one) { return one.space == space; });
  const std::string prefix = declared(*at), name = prefix.substr(0, prefix.size() - 1);
  const auto range = tree.attribute_range(0, Space::mc, "Ignorable");
  if (!range) {
    const std::string mc = declared(known[2]);
    const Node& root = tree.at(0);
    edits.insert(root.open_end - (root.empty() ? 2 : 1), " " + mc + "Ignorable=\"" + name + "\"");
    return prefix;
  }
  const std::string said = " " + tree.attribute(0, Space::mc, "Ignorable").value_or("") + " ";
  if (said.find(" " + name + " ") == std::string::npos) edits.insert(range->end, " " + name);
  return prefix;
}

std::string new_paragraph_id(const Tree& tree) {
  std::set<std::string> taken;
  for (std::uint32_t one = 0; one < tree.nodes().size(); ++one) {
    if (tree.is(one, Space::w, "p")) taken.insert(tree.attribute(one, Space::w14, "paraId").value_or(""));
  }
  for (std::size_t seed = std::hash<std::string>()(tree.text());; ++seed) {
    char id[16];
    std::snprintf(id, sizeof id, "%08X", static_cast<unsigned>(seed & 0x7FFFFFFF));
    if (id != std::string("00000000") && !taken.contains(id)) return id;
  }
}

}  // namespace docx

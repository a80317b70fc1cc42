// Styles and numbering are small parts, read by a few names each.
#include "read/library.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace docx {

using ooxml::Package;
using ooxml::Part;

namespace {

constexpr std::pair<std::string_view, Role> roles[] = {
    {"styles", Role::styles},   {"numbering", Role::numbering}, {"settings", Role::settings},
    {"fontTable", Role::fonts}, {"comments", Role::comments},   {"commentsExtended", Role::comments_extended},
    {"people", Role::people},   {"footnotes", Role::footnotes}, {"endnotes", Role::endnotes},
    {"header", Role::header},   {"footer", Role::footer}};

Role role_named(std::string_view type) {
  for (const auto& [name, role] : roles) {
    if (name == type) return role;
  }
  return Role::none;
}

// "heading 3" is 3, in any case; 0: it is none.
int heading_named(std::string_view name) {
  constexpr std::string_view word = "heading ";
  if (name.size() != word.size() + 1 || name.back() < '1' || name.back() > '9') return 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(name[i])) != word[i]) return 0;
  }
  return name.back() - '0';
}

constexpr int deepest = 32;  // of styles that are based on others

}  // namespace

Role role_of(const Package& package, const Part& part) {
  if (&part == package.main()) return Role::document;
  if (!package.main()) return Role::none;
  for (const auto& relation : package.main()->relations) {
    if (!relation.external && package.part(relation.target) == &part) return role_named(relation.type);
  }
  return Role::none;
}

const Part* part_of(const Package& package, Role role) {
  if (role == Role::document || !package.main()) return package.main();
  for (const auto& relation : package.main()->relations) {
    if (!relation.external && role_named(relation.type) == role) return package.part(relation.target);
  }
  return nullptr;
}

void Styles::add(Style style) {
  if (m_all.size() >= most_kept) return;
  std::string id = style.id;
  m_all.emplace(std::move(id), std::move(style));
}

const Style* Styles::find(std::string_view id) const {
  const auto at = m_all.find(id);
  return at == m_all.end() ? nullptr : &at->second;
}

int Styles::heading(std::string_view id) const {
  const Style* style = find(id);
  for (int left = deepest; style && left > 0; --left, style = find(style->based_on)) {
    if (const int level = heading_named(style->name)) return level;
    if (style->outline >= 0) return style->outline < 9 ? style->outline + 1 : 0;
  }
  return 0;
}

const Style* Styles::numbered(std::string_view id) const {
  const Style* style = find(id);
  for (int left = deepest; style && left > 0; --left, style = find(style->based_on)) {
    if (style->numbering >= 0) return style;
  }
  return nullptr;
}

const Style* Styles::default_of(std::string_view type) const {
  for (const auto& [id, style] : m_all) {
    if (style.is_default && style.type == type) return &style;
  }
  return nullptr;
}

bool Styles::east_asian(std::string_view id) const {
  if (defaults_east_asian) return true;
  const Style* style = id.empty() ? default_of("paragraph") : find(id);
  for (int left = deepest; style && left > 0; --left, style = find(style->based_on)) {
    if (style->east_asian) return true;
  }
  return false;
}

const Numbering::Level* Numbering::level(int number, int level) const {
  const auto at = numbers.find(number);
  if (at == numbers.end()) return nullptr;
  const auto list = abstracts.find(at->second);
  if (list == abstracts.end()) return nullptr;
  const auto found = list->second.find(level);
  return found == list->second.end() ? nullptr : &found->second;
}

const Comment* Library::comment(std::string_view id) const {
  const auto at = std::find_if(comments.begin(), comments.end(), [&](const Comment& one) { return one.id == id; });
  return at == comments.end() ? nullptr : &*at;
}

void Library::join_threads() {
  std::map<std::string, std::string> owners;
  for (const auto& one : comments) {
    if (!one.paragraph.empty()) owners.emplace(one.paragraph, one.id);
  }
  for (auto& one : comments) {
    const auto thread = threads.find(one.paragraph);
    if (thread == threads.end()) continue;
    one.resolved = thread->second.done;
    const auto parent = owners.find(thread->second.parent);
    if (parent != owners.end()) one.parent = parent->second;
  }
}

}  // namespace docx

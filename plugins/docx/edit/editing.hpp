// A document that is changed: its parts as trees, one after the other, and the new package at the end. What is not
// changed stays as it is, to the byte.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "edit/tree.hpp"
#include "read/library.hpp"
#include "serve/asked.hpp"

namespace docx {

class Editing {
 public:
  // The document of the input's `path`.
  explicit Editing(const ooxml::serve::Asked& asked);

  const ooxml::Package& package() const { return *m_opened.package; }
  // A part as it is by now; null: there is none. Good until the part is changed.
  const Tree* tree(Role role);
  const Tree& tree(const ooxml::Part& part);
  const Tree& document() { return tree(*package().main()); }
  void change(const ooxml::Part& part, const Edits& edits);
  void change(Role role, const Edits& edits);
  // Such a part, if it is not there yet: with its content type, and a relationship from the document.
  void add(Role role, std::string text);
  bool changed() const { return !m_texts.empty(); }

  // The whole new file, as it was put into its place.
  berth::Json put(const ooxml::serve::Place& place);

 private:
  std::string text_of(const std::string& entry);
  std::string entry_of(Role role);
  void set(const std::string& entry, std::string text);
  const Tree& tree_of(const std::string& entry);

  const ooxml::serve::Asked& m_asked;
  const ooxml::serve::Opened m_opened;
  std::map<std::string, std::string> m_texts;            // by entry: what is new
  std::map<std::string, std::unique_ptr<Tree>> m_trees;  // by entry
  std::map<Role, std::string> m_added;                   // to their entries
};

// Lets a root say names of this space, which older programs may ignore; its prefix.
std::string declare_ignorable(const Tree& tree, Edits& edits, Space space);

// An id that w14:paraId allows, and that is not among these.
std::string new_paragraph_id(const Tree& tree);

}  // namespace docx

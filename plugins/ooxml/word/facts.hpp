// What one part of a document must know of the others: a document and its building blocks have facts of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "package.hpp"
#include "xml.hpp"

namespace ooxml::word {

// How many ids of a kind are remembered; whoever has more is no longer asked about them.
inline constexpr std::size_t most_ids = 400'000;
// An id that is longer is nobody's.
inline constexpr std::size_t longest_id = 1024;

// Ids that were seen, as the file writes them. Bounded: when it is full, it says yes to everything.
class Ids {
 public:
  // False: it was there before.
  bool add(std::string_view id);
  bool has(std::string_view id) const { return full() || m_ids.contains(std::string(id)); }
  bool full() const { return m_ids.size() >= most_ids; }
  bool empty() const { return m_ids.empty(); }
  std::size_t size() const { return m_ids.size(); }
  const std::unordered_set<std::string>& all() const { return m_ids; }

 private:
  std::unordered_set<std::string> m_ids;
};

struct Style {
  std::string type;
  std::string based_on;
};

struct Facts {
  const Part* owner = nullptr;  // the document, or the document of its building blocks
  bool has_styles = false, has_numbering = false;
  std::unordered_map<std::string, Style> styles;
  Ids numbers, abstract_numbers, bullets;
  Ids comments, footnotes, endnotes;
  Ids comment_paragraphs;  // w14:paraId of the paragraphs of comments
  Ids comments_meant;      // by w:commentReference
  Ids bookmarks;           // their names
};

// A number's text without what does not count ("007" is "7"); what is no number stays.
std::string plain_number(std::string_view text);

}  // namespace ooxml::word

// The namespaces that are declared where a reader stands.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "tables.hpp"

namespace ooxml {

class Spaces {
 public:
  struct Bound {
    std::string_view address;  // null data(): nothing
    std::uint16_t space = Name::unknown;
  };

  Spaces(const Tables& tables, std::size_t most);
  // What a prefix stands for; an address without data(): for nothing.
  Bound bound(std::string_view prefix) const;

  // For the reader. A prefix's number: 0 is of the empty one. SIZE_MAX: there are too many.
  std::size_t number(std::string_view prefix);
  const Bound& of(std::size_t number) const { return m_prefixes[number].now; }
  const std::string& text(std::size_t number) const { return m_prefixes[number].text; }
  // False: there are too many of them.
  bool declare(std::size_t number, std::string_view address);
  std::size_t mark() const { return m_undo.size(); }
  void back_to(std::size_t mark);

 private:
  struct Prefix {
    std::string text;
    Bound now;
  };
  struct Undo {
    std::size_t number;
    Bound before;
  };
  const Tables& m_tables;
  std::size_t m_most;
  std::deque<Prefix> m_prefixes;
  std::vector<Undo> m_undo;
  std::unordered_set<std::string> m_addresses;
};

}  // namespace ooxml

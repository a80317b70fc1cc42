// The names that a text has, as it writes them: each is looked up once, and is a number from then on.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "spaces.hpp"

namespace ooxml {

struct WrittenName {
  std::string text;  // "prefix:local"
  std::string_view prefix, local;
  std::size_t space = 0;             // the prefix's number
  std::uint32_t number = 0;          // of this name
  std::uint16_t id = Name::unknown;  // of the local name
  bool declares = false;             // a namespace, where it is an attribute's
  std::uint64_t seen = 0;            // in which tag it was last an attribute
};

class WrittenNames {
 public:
  WrittenNames(const Tables& tables, Spaces& spaces, std::size_t most);
  // `text` lies in a buffer that may be read eight bytes beyond it. Null: there are too many; throws where it is no
  // name.
  WrittenName* find(std::string_view text) {
    std::uint64_t key = hash(text);
    for (std::size_t at = key >> m_shift;; at = (at + 1) & m_mask) {
      const Slot& slot = m_slots[at];
      if (slot.name == nullptr) return add(text, at, key);
      // The key of a short name is the name: it has no zero bytes.
      if (slot.key != key || slot.name->text.size() != text.size()) continue;
      if (text.size() < 8 || slot.name->text == text) return slot.name;
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    WrittenName* name = nullptr;
  };
  static std::uint64_t hash(std::string_view text) {
    std::uint64_t first = 0, last = 0;
    std::size_t size = text.size();
    if (size >= 8) {
      std::memcpy(&first, text.data(), 8);
      std::memcpy(&last, text.data() + size - 8, 8);
    } else {
      std::memcpy(&first, text.data(), 8);
      first &= ~std::uint64_t{0} >> (64 - 8 * size);
    }
    return (first ^ (last << 7 | last >> 57) ^ size) * 0x9E3779B97F4A7C15ULL;
  }
  WrittenName* add(std::string_view text, std::size_t at, std::uint64_t key);
  void grow();

  const Tables& m_tables;
  Spaces& m_spaces;
  std::size_t m_most;
  std::deque<WrittenName> m_names;
  std::vector<Slot> m_slots;
  int m_shift;
  std::size_t m_mask;
};

}  // namespace ooxml

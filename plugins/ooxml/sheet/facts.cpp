// Facts that need some work to be asked for.
#include "sheet/facts.hpp"

#include <algorithm>

namespace ooxml::sheet {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// "_x000a_": what is meant; -1: it is no such thing.
int escaped(std::string_view text) {
  if (text.size() < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_') return -1;
  int all = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    all = all * 16 + digit;
  }
  return all;
}

}  // namespace

const SheetEntry* Facts::sheet_of(std::string_view part) const {
  auto found = std::find_if(sheets.begin(), sheets.end(), [&](const SheetEntry& one) { return one.part == part; });
  return found == sheets.end() ? nullptr : &*found;
}

void Hash::add(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == '_') {
      int meant = escaped(text.substr(i));
      if (meant >= 0 && meant < 0x80) {
        c = static_cast<unsigned char>(meant);
        i += 6;
      }
    }
    if (c == '\r' || c == '\n') continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<unsigned char>(c | 0x20);
    m_value = (m_value ^ c) * 1099511628211ULL;
  }
}

std::uint64_t hash_of(std::string_view text) {
  Hash hash;
  hash.add(text);
  return hash.value();
}

}  // namespace ooxml::sheet

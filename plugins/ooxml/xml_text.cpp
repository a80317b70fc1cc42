// References, as they are meant.
#include "xml_text.hpp"

#include <charconv>

namespace ooxml {

void append_utf8(std::string& text, std::uint32_t c) {
  auto put = [&text](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

bool append_reference(std::string& text, std::string_view reference) {
  if (!reference.empty() && reference[0] == '#') {
    reference.remove_prefix(1);
    bool hex = !reference.empty() && reference[0] == 'x';
    if (hex) reference.remove_prefix(1);
    std::uint32_t c = 0;
    auto [end, error] = std::from_chars(reference.data(), reference.data() + reference.size(), c, hex ? 16 : 10);
    if (error != std::errc{} || end != reference.data() + reference.size() || !allowed(c)) return false;
    append_utf8(text, c);
    return true;
  }
  constexpr std::pair<std::string_view, char> known[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [word, c] : known) {
    if (word != reference) continue;
    text.push_back(c);
    return true;
  }
  return false;
}

}  // namespace ooxml

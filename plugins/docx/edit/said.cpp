// Characters are looked at one by one: a name is not cut within one, and none goes through that no reader takes.
#include "edit/said.hpp"

#include <algorithm>
#include <cstdint>

#include "xml_text.hpp"

namespace docx {

std::size_t character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(text[place]); };
  const unsigned first = byte(at);
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xC2 ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  if (size == 0 || at + size > text.size()) return 0;
  constexpr unsigned masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};  // what is shorter is written otherwise
  std::uint32_t code = first & masks[size];
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
    code = (code << 6) | (byte(at + i) & 0x3F);
  }
  return code >= least[size] && ooxml::allowed(code) ? size : 0;
}

std::string said(const ooxml::serve::Asked& asked, const char* field, const std::string& otherwise) {
  std::string text = asked.text(field, otherwise.c_str());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_at(text, at);
    if (size == 0)
      throw ooxml::serve::WrongInput(
          422, "bad_character",
          std::string(field) + " has a character that no document may have, at byte " + std::to_string(at),
          "it is to be UTF-8, without controls, U+FFFE and U+FFFF");
    at += size;
  }
  return text;
}

std::string initials_of(const std::string& author) {
  constexpr std::size_t most = 3;
  std::string all;
  bool begins = true;
  for (std::size_t at = 0, words = 0; at < author.size() && words < most;) {
    const std::size_t size = std::max<std::size_t>(character_at(author, at), 1);
    const bool blank = author[at] == ' ';
    if (begins && !blank) {
      all += author.substr(at, size);
      ++words;
    }
    begins = blank;
    at += size;
  }
  return all.empty() ? "A" : all;
}

}  // namespace docx

// Ids, remembered within bounds.
#include "word/facts.hpp"

#include <algorithm>

namespace ooxml::word {

bool Ids::add(std::string_view id) {
  if (full() || id.size() > longest_id) return true;
  return m_ids.emplace(id).second;
}

std::string plain_number(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  bool minus = text.starts_with('-');
  std::string_view digits = text.substr(minus || text.starts_with('+') ? 1 : 0);
  bool number =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!number) return std::string(text);
  digits = digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return (minus && digits != "0" ? "-" : "") + std::string(digits);
}

}  // namespace ooxml::word

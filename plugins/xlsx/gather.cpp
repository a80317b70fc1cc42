// Attributes as numbers and truths, and the way from part to part.
#include "gather.hpp"

#include <charconv>

namespace xlsx {

std::string clipped(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return std::string(text.substr(0, most));
}

std::size_t number_of(std::string_view text, std::size_t otherwise) {
  std::size_t number = 0;
  const auto end = text.data() + text.size();
  const auto [at, wrong] = std::from_chars(text.data(), end, number);
  return text.empty() || wrong != std::errc() || at != end ? otherwise : number;
}

bool truth_of(std::string_view text, bool otherwise) {
  if (text == "1" || text == "true" || text == "on") return true;
  return text.data() == nullptr ? otherwise : false;
}

const ooxml::Part* related(const ooxml::Package& package, const ooxml::Part& from, std::string_view type) {
  const auto* const relation = from.relation_of(type);
  return relation && !relation->external ? package.part(relation->target) : nullptr;
}

}  // namespace xlsx

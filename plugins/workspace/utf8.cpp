// The well-formed sequences of Unicode's table 3-7: no surrogates, nothing overlong, nothing beyond U+10FFFF.
#include "utf8.hpp"

namespace workspace {

namespace {

std::size_t wanted(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

bool second_fits(unsigned char lead, unsigned char second) {
  const unsigned char least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned char most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  return second >= least && second <= most;
}

// What is there of a sequence of `length` bytes is good.
bool good_as_far(std::string_view bytes, std::size_t length) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t i = 1; i < length && i < bytes.size(); ++i) {
    if (i == 1 ? !second_fits(at(0), at(1)) : (at(i) & 0xc0) != 0x80) return false;
  }
  return true;
}

}  // namespace

std::size_t utf8_length(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const std::size_t length = wanted(static_cast<unsigned char>(bytes[0]));
  return length != 0 && bytes.size() >= length && good_as_far(bytes, length) ? length : 0;
}

std::size_t first_misfit(std::string_view bytes, bool cut) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto rest = bytes.substr(at);
    const std::size_t length = utf8_length(rest);
    if (length == 0) {
      const std::size_t whole = wanted(static_cast<unsigned char>(rest[0]));
      const bool only_cut = cut && whole > rest.size() && good_as_far(rest, whole);
      return only_cut ? std::string_view::npos : at;
    }
    at += length;
  }
  return std::string_view::npos;
}

}  // namespace workspace

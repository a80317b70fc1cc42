// Only the end of a text is looked at to find a torn character: what is wrong before it stays wrong.
#include "text.hpp"

#include <berth/json_text.hpp>

#include <algorithm>

namespace shell {

namespace {

constexpr std::size_t longest = 4;  // bytes of a character

bool goes_on(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Of the character that begins so; 1 if none does.
std::size_t size_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0xc2 || byte > 0xf4) return 1;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

}  // namespace

std::size_t whole_size(std::string_view bytes) {
  for (std::size_t back = 1; back < longest && back <= bytes.size(); ++back) {
    const char c = bytes[bytes.size() - back];
    if (!goes_on(c)) return bytes.size() - (size_of(c) > back ? back : 0);
  }
  return bytes.size();
}

std::size_t first_whole(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && at < longest - 1 && goes_on(bytes[at])) ++at;
  return at;
}

std::string clean(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t size = berth::detail::character_size(bytes);
    text += size > 0 ? bytes.substr(0, size) : std::string_view("\xef\xbf\xbd");
    bytes.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return text;
}

std::string Whole::add(std::string_view bytes) {
  std::string all = std::exchange(m_rest, {});
  all += bytes;
  const std::size_t size = whole_size(all);
  m_rest = all.substr(size);
  all.resize(size);
  return all;
}

}  // namespace shell

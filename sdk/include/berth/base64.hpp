// Bytes as base64 (RFC 4648) and back, for what carries bytes in JSON.
#ifndef BERTH_BASE64_HPP
#define BERTH_BASE64_HPP

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace berth {

namespace detail {

inline constexpr std::string_view letters_of_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

inline const std::array<short, 256>& values_of_64() {
  static const std::array<short, 256> all = [] {
    std::array<short, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < letters_of_64.size(); ++i)
      values[static_cast<unsigned char>(letters_of_64[i])] = static_cast<short>(i);
    return values;
  }();
  return all;
}

}  // namespace detail

inline std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  const auto at = [bytes](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
  char* to = text.data();
  for (std::size_t i = 0; i < bytes.size(); i += 3, to += 4) {
    const unsigned group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    const std::size_t letters = bytes.size() - i < 3 ? bytes.size() - i + 1 : 4;
    for (std::size_t k = 0; k < letters; ++k) to[k] = detail::letters_of_64[group >> (18 - 6 * k) & 63];
  }
  return text;
}

// Strict: padded, no foreign letter, no bits left over, so that each content has one spelling.
inline std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t letters = text.size();
  while (letters > 0 && text.size() - letters < 2 && text[letters - 1] == '=') --letters;
  const auto& values = detail::values_of_64();
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  unsigned held = 0, bits = 0;
  for (const char c : text.substr(0, letters)) {
    const int value = values[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    held = (held << 6 | static_cast<unsigned>(value)) & 0xffffu;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 0xff);
  }
  if ((held & ((1u << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace berth

#endif

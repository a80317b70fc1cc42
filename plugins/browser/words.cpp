// Escapes are bytes: what they come to may be no text, which is for whoever asks to say.
#include "words.hpp"

#include <berth/call.hpp>
#include <sys/random.h>

#include <charconv>

namespace browser {

std::string unescaped(std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* digits = text.data() + i + 1;
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    all += escape ? static_cast<char>(byte) : text[i];
    if (escape) i += 2;
  }
  return all;
}

std::string random_hex(std::size_t bytes) {
  std::string random(bytes, '\0');
  if (::getrandom(random.data(), bytes, 0) != static_cast<ssize_t>(bytes))
    throw berth::Error(500, "plugin_error", "there is no randomness");
  std::string all;
  for (const unsigned char one : random) all += "0123456789abcdef"[one & 15u], all += "0123456789abcdef"[one >> 4u];
  return all;
}

}  // namespace browser

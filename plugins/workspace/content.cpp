// Told by their first bytes, since names lie.
#include "content.hpp"

#include <berth/call.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "utf8.hpp"

namespace workspace {

using berth::Error;

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::array<int, 256> values() {
  std::array<int, 256> all{};
  all.fill(-1);
  for (std::size_t i = 0; i < digits.size(); ++i) all[static_cast<unsigned char>(digits[i])] = static_cast<int>(i);
  return all;
}

Error not_base64() {
  return Error(422, "bad_base64", "the content is not base64", "encode the bytes as RFC 4648 says");
}

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t i) {
      return at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u;
    };
    const unsigned all = byte(0) << 16 | byte(1) << 8 | byte(2);
    const std::size_t left = bytes.size() - at;
    text += digits[all >> 18];
    text += digits[all >> 12 & 63];
    text += left > 1 ? digits[all >> 6 & 63] : '=';
    text += left > 2 ? digits[all & 63] : '=';
  }
  return text;
}

std::string from_base64(std::string_view text) {
  static const auto value = values();
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  if (text.size() % 4 != 0) throw not_base64();
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const bool last = at + 4 == text.size();
    const std::size_t padding = last && text[at + 3] == '=' ? (text[at + 2] == '=' ? 2 : 1) : 0;
    unsigned all = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const int one = i >= 4 - padding ? 0 : value[static_cast<unsigned char>(text[at + i])];
      if (one < 0) throw not_base64();
      all = all << 6 | static_cast<unsigned>(one);
    }
    for (std::size_t i = 0; i < 3 - padding; ++i) bytes += static_cast<char>(all >> (16 - 8 * i) & 0xff);
  }
  return bytes;
}

std::string image_type(std::string_view begin) {
  const auto has = [begin](std::string_view what, std::size_t at = 0) {
    return begin.size() >= at + what.size() && begin.substr(at, what.size()) == what;
  };
  if (has("\x89PNG\r\n\x1a\n")) return "image/png";
  if (has("\xff\xd8\xff")) return "image/jpeg";
  if (has("GIF87a") || has("GIF89a")) return "image/gif";
  if (has("RIFF") && has("WEBP", 8)) return "image/webp";
  if (has("BM") && has(std::string_view("\0\0\0\0", 4), 6)) return "image/bmp";
  return "";
}

bool is_text(std::string_view bytes, bool cut) {
  return bytes.find('\0') == std::string_view::npos && first_misfit(bytes, cut) == std::string_view::npos;
}

std::string as_utf8(std::string_view bytes) {
  std::string text;
  for (;;) {
    const std::size_t good = std::min(first_misfit(bytes), bytes.size());
    text += bytes.substr(0, good);
    if (good == bytes.size()) return text;
    text += "\xef\xbf\xbd";
    bytes.remove_prefix(good + 1);
  }
}

std::string_view without_cuts(std::string_view bytes, std::size_t& front, bool cut_front, bool cut_end) {
  front = 0;
  while (cut_front && front < 3 && front < bytes.size() && (static_cast<unsigned char>(bytes[front]) & 0xc0) == 0x80)
    ++front;
  bytes.remove_prefix(front);
  for (std::size_t back = 1; cut_end && back <= 3 && back <= bytes.size(); ++back) {
    const auto end = bytes.substr(bytes.size() - back);
    if ((static_cast<unsigned char>(end[0]) & 0xc0) == 0x80) continue;
    return utf8_length(end) == 0 && first_misfit(end, true) == std::string_view::npos
               ? bytes.substr(0, bytes.size() - back)
               : bytes;
  }
  return bytes;
}

ssize_t read_at(int fd, char* to, std::size_t size, std::uint64_t from) {
  for (;;) {
    const ssize_t got = ::pread(fd, to, size, static_cast<off_t>(from));
    if (got >= 0 || errno != EINTR) return got;
  }
}

std::string bytes_at(int fd, std::uint64_t from, std::size_t most) {
  std::string bytes;
  constexpr std::size_t step = 1u << 20;
  while (bytes.size() < most) {
    const std::size_t have = bytes.size();
    bytes.resize(std::min(most, have + step));
    const ssize_t got = read_at(fd, bytes.data() + have, bytes.size() - have, from + have);
    bytes.resize(have + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0) throw Error(500, "disk_error", "the file cannot be read");
    if (got == 0) break;
  }
  return bytes;
}

}  // namespace workspace

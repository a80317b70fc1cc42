// Told by their first bytes, since names lie.
#include "content.hpp"

#include <berth/base64.hpp>
#include <berth/call.hpp>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "utf8.hpp"

namespace workspace {

using berth::Error;

std::string from_base64(std::string_view text) {
  if (auto bytes = berth::from_base64(text)) return std::move(*bytes);
  throw Error(422, "bad_base64", "the content is not base64", "encode the bytes as RFC 4648 says");
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

// See root_secret.hpp.
#include "session/root_secret.hpp"

#include <algorithm>
#include <string_view>

#include "service/files.hpp"

namespace berth::session {

using service::Error;
using service::Result;

namespace {

constexpr std::size_t shortest_secret = 16, longest_secret = 1024;

// What can be sent in a header as it is.
bool is_secret(std::string_view text) {
  return text.size() >= shortest_secret && text.size() <= longest_secret &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  while (!text.empty() && std::string_view(" \t\r\n").find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  return text;
}

}  // namespace

Result<std::string> read_secret(const std::string& path) {
  const auto content = service::read_file(path, 64u << 10);
  if (!content && content.error().code == "no_file") return std::string();
  if (!content) return content.error();
  const std::string_view secret = trimmed(*content);
  if (is_secret(secret)) return std::string(secret);
  return Error{500, "bad_token_file",
               "the token file " + path + " must hold one secret of 16 to 1024 visible characters",
               "put one there, or delete the file: the next start makes a good one"};
}

}  // namespace berth::session

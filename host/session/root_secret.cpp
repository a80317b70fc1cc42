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

constexpr const char* blanks = " \t\r\n";  // an editor may have left them at the ends

// What can be sent in a header as it is.
bool is_secret(std::string_view text) {
  return text.size() >= shortest_secret && text.size() <= longest_secret &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

Result<std::string> read_secret(const std::string& path) {
  const auto content = service::read_file(path, 64u << 10);
  if (!content && content.error().code == "no_file") return std::string();
  if (!content) return content.error();
  const auto first = std::min(content->find_first_not_of(blanks), content->size());
  const auto secret = std::string_view(*content).substr(first, content->find_last_not_of(blanks) + 1 - first);
  if (is_secret(secret)) return std::string(secret);
  return Error{500, "bad_token_file",
               "the token file " + path + " must hold one secret of 16 to 1024 visible characters",
               "put one there, or delete the file: the next start makes a good one"};
}

}  // namespace berth::session

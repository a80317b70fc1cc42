// Refuses rather than repairs: an archive that has such members was made to do harm, or means another place.
#include "member.hpp"

#include <algorithm>
#include <berth/call.hpp>

namespace workspace {

using berth::Error;

namespace {

constexpr std::size_t longest = 4096, most_parts = 100;

Error escapes(std::string_view path, const std::string& why) {
  return {422, "archive_escapes", "the archive's member " + std::string(path.substr(0, 200)) + " " + why,
          "nothing was extracted; pack relative paths that stay inside"};
}

std::vector<std::string_view> pieces_of(std::string_view path) {
  std::vector<std::string_view> pieces;
  while (!path.empty()) {
    const auto piece = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), piece.size() + 1));
    if (!piece.empty() && piece != ".") pieces.push_back(piece);
  }
  return pieces;
}

}  // namespace

std::vector<std::string> member_path(std::string_view path) {
  if (path.substr(0, 1) == "/") throw escapes(path, "has an absolute path");
  std::vector<std::string> out;
  for (const auto piece : pieces_of(path)) {
    if (piece == "..") throw escapes(path, "has \"..\" in its path");
    out.emplace_back(piece);
  }
  if (path.size() > longest || out.size() > most_parts)
    throw Error(422, "bad_archive", "a member of the archive has too long a path", "nothing was extracted");
  return out;
}

void check_link(const std::vector<std::string>& link, std::string_view target) {
  std::string path;
  for (const auto& piece : link) path += (path.empty() ? "" : "/") + piece;
  if (target.empty() || target.size() > longest) throw escapes(path, "is a link to nowhere");
  if (target[0] == '/') throw escapes(path, "is a link to an absolute path");
  std::size_t up = 0;
  bool down = false;
  for (const auto piece : pieces_of(target)) {
    if (piece != "..") {
      down = true;
    } else if (down || ++up >= link.size()) {
      throw escapes(path, "is a link that leads out");
    }
  }
}

}  // namespace workspace

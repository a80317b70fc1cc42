// Paths in text: escapes first, then the root's names, then the pieces, so that nothing is hidden from what follows.
#include "place.hpp"

#include <algorithm>
#include <array>
#include <berth/call.hpp>
#include <cctype>
#include <climits>

#include "utf8.hpp"

namespace workspace {

using berth::Error;

namespace {

constexpr std::string_view home = "/workspace", todo_name = ".todo.jsonl";
constexpr std::array<Part, 4> parts{Part::upload, Part::output, Part::deploy, Part::store};

Error bad_path(std::string message, std::string hint = {}) {
  return Error(422, "bad_path", std::move(message), std::move(hint));
}

// What follows the prefix, or nothing, if it is another path.
bool strip(std::string_view& path, std::string_view prefix) {
  if (prefix.empty() || path.substr(0, prefix.size()) != prefix) return false;
  if (path.size() > prefix.size() && path[prefix.size()] != '/') return false;
  path.remove_prefix(prefix.size());
  return true;
}

std::string_view relative(std::string_view path, const std::vector<std::string>& aliases) {
  if (path.empty() || path.front() != '/') return path;
  std::vector<std::string_view> names(aliases.begin(), aliases.end());
  names.push_back(home);
  std::sort(names.begin(), names.end(), [](auto a, auto b) { return a.size() > b.size(); });
  for (auto name : names) {
    while (name.size() > 1 && name.back() == '/') name.remove_suffix(1);
    if (strip(path, name)) return path;
  }
  throw bad_path("an absolute path begins with /workspace", "say /workspace/output/name, or output/name");
}

Part part_of(std::string_view path) {
  if (path.empty()) return Part::root;
  const auto first = path.substr(0, path.find('/'));
  const auto at = std::find_if(parts.begin(), parts.end(), [&](Part one) { return folder_of(one) == first; });
  return at == parts.end() ? Part::other : *at;
}

void add_piece(std::string& path, std::string_view piece) {
  if (piece.empty() || piece == ".") return;
  if (piece == "..") throw bad_path("\"..\" has no place in a path here", "say the path from /workspace on");
  if (piece.size() > NAME_MAX) {
    throw Error(422, "name_too_long", "a name has at most " + std::to_string(NAME_MAX) + " bytes");
  }
  if (!path.empty()) path += '/';
  path += piece;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string lower(std::string_view text) {
  std::string all(text);
  std::transform(all.begin(), all.end(), all.begin(), [](unsigned char c) { return std::tolower(c); });
  return all;
}

// "Output/a" is not output/a, and whoever says it shall hear so.
std::string hint_for(const Place& place) {
  const std::string first = place.path.substr(0, place.path.find('/'));
  for (const Part one : {Part::output, Part::deploy}) {
    if (lower(first) == folder_of(one)) {
      return "names are case-sensitive: say /workspace/" + std::string(folder_of(one));
    }
  }
  return "write to /workspace/output or /workspace/deploy";
}

}  // namespace

std::string_view folder_of(Part part) {
  switch (part) {
    case Part::upload: return "upload";
    case Part::output: return "output";
    case Part::deploy: return "deploy";
    case Part::store: return ".store";
    default: return "";
  }
}

std::string Place::name() const { return path.substr(path.rfind('/') + 1); }

std::string Place::folder() const {
  const auto at = path.rfind('/');
  return at == std::string::npos ? std::string() : path.substr(0, at);
}

bool Place::fixed() const { return path == folder_of(part); }

std::string Place::shown() const { return std::string(home) + (path.empty() ? "" : "/") + escaped(path); }

Place place_of(std::string_view asked, const std::vector<std::string>& aliases) {
  const std::string plain = unescaped(asked);
  if (plain.find('\0') != std::string::npos) throw bad_path("a path has no zero bytes");
  std::string_view rest = relative(plain, aliases);
  Place place;
  while (!rest.empty()) {
    const auto piece = rest.substr(0, rest.find('/'));
    add_piece(place.path, piece);
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
  }
  if (place.path.size() >= PATH_MAX) {
    throw Error(422, "path_too_long", "a path has at most " + std::to_string(PATH_MAX - 1) + " bytes");
  }
  if (place.path == todo_name) place.path = todo_place;
  place.part = part_of(place.path);
  return place;
}

Place within(const Place& folder, std::string_view name) {
  Place place{folder.path.empty() ? std::string(name) : folder.path + "/" + std::string(name), folder.part};
  if (folder.part == Part::root) place.part = part_of(place.path);
  return place;
}

std::string escaped(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length(bytes.substr(at));
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (bytes[at] == '\\') {
      text += "\\\\";
    } else if (length == 0 || byte < 0x20 || byte == 0x7f) {
      text += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    } else {
      text += bytes.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return text;
}

std::string unescaped(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  while (!text.empty()) {
    const auto plain = text.substr(0, text.find('\\'));
    bytes += plain;
    text.remove_prefix(plain.size());
    if (text.empty()) break;
    const bool hex = text.size() >= 4 && text[1] == 'x' && hex_digit(text[2]) >= 0 && hex_digit(text[3]) >= 0;
    const bool self = text.size() >= 2 && text[1] == '\\';
    if (!hex && !self) {
      throw bad_path("a backslash in a path stands before another or before x and two hex digits",
                     "folders are parted by /");
    }
    bytes += hex ? static_cast<char>(hex_digit(text[2]) * 16 + hex_digit(text[3])) : '\\';
    text.remove_prefix(hex ? 4 : 2);
  }
  return bytes;
}

void demand_change(const Place& place, std::string_view scope) {
  switch (place.part) {
    case Part::output:
    case Part::deploy: return;
    case Part::upload:
      if (scope == "admin") return;
      throw Error(403, "read_only", "upload/ belongs to the human and is read-only",
                  "copy the file to /workspace/output and change it there");
    case Part::store:
      throw Error(403, "append_only", ".store/ is written by the host alone",
                  "append a record with workspace.store.append");
    case Part::root: throw Error(403, "read_only", "the workspace itself cannot be changed", hint_for(place));
    case Part::other: break;
  }
  throw Error(403, "read_only", "nothing is changed here, outside of output/ and deploy/", hint_for(place));
}

}  // namespace workspace

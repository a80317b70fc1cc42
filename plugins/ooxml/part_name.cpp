// Names of parts are addresses without a host: percent-encoded, and the same whatever the case of their letters.
#include "part_name.hpp"

#include <algorithm>
#include <vector>

namespace ooxml {

namespace {

constexpr std::string_view folder_of_relations = "/_rels/", ending_of_relations = ".rels";

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// What stands in an address as it is, beside letters and digits.
constexpr std::string_view other_letters = "!$&'()*+,;=:@[]";

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string percent_decoded(std::string_view name) {
  std::string text;
  text.reserve(name.size());
  for (std::size_t i = 0; i < name.size(); ++i) {
    const int high = name[i] == '%' && i + 2 < name.size() ? hex_digit(name[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(name[i + 2]);
    if (low < 0) {
      text += name[i];
    } else {
      text += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return text;
}

std::string lower_ascii(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool has_dots(std::string_view name) {
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    const std::string_view piece = name.substr(at, end - at);
    if (piece == "." || piece == "..") return true;
    at = end + 1;
  }
  return false;
}

bool has_drive(std::string_view name) {
  return name.size() >= 2 && name[1] == ':' &&
         ((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z'));
}

bool unsafe_as_it_is(std::string_view name) {
  if (name.empty() || name.front() == '/' || has_drive(name) || has_dots(name)) return true;
  return std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7F || c == '\\'; });
}

}  // namespace

std::string name_key(std::string_view name) {
  std::string key = lower_ascii(name.find('%') == std::string_view::npos ? std::string(name) : percent_decoded(name));
  if (key.find("//") == std::string::npos) return key;
  key.erase(std::unique(key.begin(), key.end(), [](char a, char b) { return a == '/' && b == '/'; }), key.end());
  return key;
}

bool proper_name(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '/') {
      if (i > 0 && name[i - 1] == '.') return false;
    } else if (c == '%') {
      const int high = i + 2 < name.size() ? hex_digit(name[i + 1]) : -1, low = high < 0 ? -1 : hex_digit(name[i + 2]);
      if (low < 0 || is_unreserved(static_cast<char>(high << 4 | low))) return false;
      i += 2;
    } else if (!is_unreserved(c) && other_letters.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return !name.empty() && name.back() != '.' && name.back() != '/';
}

bool unsafe_name(std::string_view name) {
  if (unsafe_as_it_is(name)) return true;
  return name.find('%') != std::string_view::npos && unsafe_as_it_is(percent_decoded(name));
}

std::string relations_name(std::string_view part) {
  const std::size_t slash = part.rfind('/');
  std::string name(part.substr(0, slash));
  name += folder_of_relations;
  name += part.substr(slash + 1);
  return name += ending_of_relations;
}

std::string related_part(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string folder = lower_ascii(std::string(name.substr(0, slash + 1)));
  if (!folder.ends_with(folder_of_relations) || !lower_ascii(std::string(name)).ends_with(ending_of_relations))
    return {};
  std::string part(name.substr(0, slash + 1 - folder_of_relations.size()));
  part += '/';
  part += name.substr(slash + 1);
  part.resize(part.size() - ending_of_relations.size());
  return part;
}

std::string resolve_target(std::string_view part, std::string_view target) {
  target = target.substr(0, std::min(target.find('#'), target.find('?')));
  if (target.empty()) return std::string(part);
  std::string whole = target.front() == '/' ? std::string() : std::string(part.substr(0, part.rfind('/') + 1));
  whole += target;
  std::replace(whole.begin(), whole.end(), '\\', '/');
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at <= whole.size();) {
    const std::size_t end = std::min(whole.find('/', at), whole.size());
    const std::string_view piece = std::string_view(whole).substr(at, end - at);
    if (piece == "..") {
      if (!pieces.empty()) pieces.pop_back();
    } else if (!piece.empty() && piece != ".") {
      pieces.push_back(piece);
    }
    at = end + 1;
  }
  std::string name;
  for (const auto piece : pieces) {
    name += '/';
    name += piece;
  }
  return name.empty() ? "/" : name;
}

std::string extension(std::string_view name) {
  const std::size_t slash = name.rfind('/'), dot = name.rfind('.');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) return {};
  return lower_ascii(std::string(name.substr(dot + 1)));
}

}  // namespace ooxml

// RFC 6266 as far as uploads use it, and tus' Upload-Metadata.
#include "edge/upload_name.hpp"

#include <berth/base64.hpp>
#include <algorithm>

#include "service/text.hpp"

namespace berth::edge {

namespace {

std::string bare(std::string name) {
  const auto slash = name.find_last_of("/\\");
  if (slash != std::string::npos) name.erase(0, slash + 1);
  std::erase_if(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (!service::valid_utf8(name) || name == "." || name == ".." || name.size() > 255) return {};
  return name;
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || !text.starts_with('"')) return std::string(text);
  std::string out;
  for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace

std::string upload_name(std::string_view field) {
  std::string plain, extended;
  while (!field.empty()) {
    const auto semicolon = field.find(';');
    const auto part = service::trimmed(field.substr(0, semicolon));
    field.remove_prefix(semicolon == std::string_view::npos ? field.size() : semicolon + 1);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const auto key = service::trimmed(part.substr(0, equals));
    const auto value = service::trimmed(part.substr(equals + 1));
    if (service::equal_fold(key, "filename")) plain = unquoted(value);
    if (service::equal_fold(key, "filename*") && value.size() > 7 &&
        service::equal_fold(value.substr(0, 7), "UTF-8''")) {
      extended = service::percent_decode(value.substr(7)).value_or("");
    }
  }
  return bare(extended.empty() ? plain : extended);
}

std::string take_name(const loader::Operation& operation, std::string& query) {
  if (operation.input.contains("properties") && operation.input["properties"].contains("name")) return {};
  std::string_view rest = query;
  std::string kept, name;
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const auto part = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (part.starts_with("name=")) {
      std::string value(part.substr(5));
      std::replace(value.begin(), value.end(), '+', ' ');
      name = service::percent_decode(value).value_or("");
      continue;
    }
    kept += (kept.empty() ? "" : "&") + std::string(part);
  }
  query = std::move(kept);
  return bare(std::move(name));
}

std::string tus_metadata(std::string_view field, std::string_view key) {
  while (!field.empty()) {
    const auto comma = field.find(',');
    const auto part = service::trimmed(field.substr(0, comma));
    field.remove_prefix(comma == std::string_view::npos ? field.size() : comma + 1);
    const auto space = part.find(' ');
    if (part.substr(0, space) != key || space == std::string_view::npos) continue;
    auto value = berth::from_base64(service::trimmed(part.substr(space + 1))).value_or("");
    return key == "filename" ? bare(std::move(value)) : value;
  }
  return {};
}

}  // namespace berth::edge

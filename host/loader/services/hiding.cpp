// Piece by piece and not as a tree: what a plugin says may be as deep as it is long.
#include "loader/services/hiding.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "service/text.hpp"

namespace berth::loader {

namespace {

// Behind the quote that ends the text that begins there.
std::size_t end_of_text(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return std::min(at + 1, json.size());
}

std::size_t end_of_number(std::string_view json, std::size_t at) {
  return std::min(json.find_first_not_of("0123456789+-.eE", at), json.size());
}

// One text or number, with its quotes.
std::string hide_in_piece(std::string_view piece, const service::Mask& mask) {
  const auto read = nlohmann::json::parse(piece, nullptr, false);
  if (read.is_discarded()) return mask(std::string(piece));
  const std::string plain = read.is_string() ? read.get<std::string>() : std::string(piece);
  const std::string hidden = mask(plain);
  return hidden == plain ? std::string(piece) : service::json_quote(hidden);
}

}  // namespace

std::string hide_in_json(std::string json, const service::Mask& mask) {
  if (mask.empty()) return json;
  std::string hidden;
  hidden.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const bool text = json[at] == '"', number = json[at] == '-' || (json[at] >= '0' && json[at] <= '9');
    if (!text && !number) {
      hidden += json[at++];
      continue;
    }
    const auto end = text ? end_of_text(json, at) : end_of_number(json, at);
    hidden += hide_in_piece(std::string_view(json).substr(at, end - at), mask);
    at = end;
  }
  return hidden;
}

}  // namespace berth::loader

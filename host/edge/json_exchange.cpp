// The media types that are JSON.
#include "edge/json_exchange.hpp"

#include "service/text.hpp"

namespace berth::edge {

namespace {

bool is_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (service::equal_fold(type, "application/json")) return true;
  return type.size() > 5 && service::equal_fold(type.substr(type.size() - 5), "+json");
}

}  // namespace

std::optional<service::Error> JsonExchange::wrong_type(std::string_view type) const {
  if (is_json(type)) return std::nullopt;
  return service::Error{415, "unsupported_media_type", "the body must be JSON",
                        "add -H 'Content-Type: application/json' (with curl 7.82 or newer: --json instead of -d)"};
}

}  // namespace berth::edge

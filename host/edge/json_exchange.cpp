// Media type and size of JSON bodies.
#include "edge/json_exchange.hpp"

#include <utility>

#include "edge/connection.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;

namespace {

bool is_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (service::equal_fold(type, "application/json")) return true;
  return type.size() > 5 && service::equal_fold(type.substr(type.size() - 5), "+json");
}

Error too_large(std::uint64_t limit) {
  return {413, "body_too_large", "the body is larger than " + service::format_bytes(limit),
          "raise limits { body = … } in berth.lua, or use an upload operation"};
}

}  // namespace

void JsonExchange::start() {
  const RequestHead& request = m_connection->head();
  if (!request.has_body()) return;
  const std::uint64_t limit = commons().options.limits.body;
  if (!is_json(request.value("Content-Type"))) {
    return refuse({415, "unsupported_media_type", "the body must be JSON",
                   "add -H 'Content-Type: application/json' (with curl 7.82 or newer: --json instead of -d)"});
  }
  if (auto error = coded_body(request)) return refuse(std::move(*error));
  if (request.content_length.value_or(0) > limit) return refuse(too_large(limit));
  m_connection->continue_100();
}

void JsonExchange::body(std::string piece, bool last) {
  if (swallows(piece.size(), last)) return;
  if (m_body.empty())
    m_body = std::move(piece);
  else
    m_body += piece;
  const std::uint64_t limit = commons().options.limits.body;
  if (m_body.size() > limit) {
    m_reusable = false;
    return fail(too_large(limit));
  }
  if (last) run(std::move(m_body));
}

}  // namespace berth::edge

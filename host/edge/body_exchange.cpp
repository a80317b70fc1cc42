// How large a body may be: as large as its operation says, or as the host's limit.
#include "edge/body_exchange.hpp"

#include <utility>

#include "edge/connection.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;

std::uint64_t BodyExchange::most() const {
  const std::uint64_t own = m_inbound.route->operation.max_body;
  return own > 0 ? own : commons().options.limits.body;
}

Error BodyExchange::too_large() const {
  const bool own = m_inbound.route->operation.max_body > 0;
  return {413, "body_too_large", "the body is larger than " + service::format_bytes(most()),
          own ? "this operation takes no more" : "raise limits { body = … } in berth.lua, or use an upload operation"};
}

void BodyExchange::start() {
  const RequestHead& request = m_connection->head();
  if (!request.has_body()) return;
  if (auto error = wrong_type(request.value("Content-Type"))) return refuse(std::move(*error));
  if (auto error = coded_body(request)) return refuse(std::move(*error));
  if (request.content_length.value_or(0) > most()) return refuse(too_large());
  m_connection->continue_100();
}

void BodyExchange::body(std::string piece, bool last) {
  if (swallows(piece.size(), last)) return;
  if (m_body.empty())
    m_body = std::move(piece);
  else
    m_body += piece;
  if (m_body.size() > most()) {
    m_reusable = false;
    return fail(too_large());
  }
  if (last) run(std::move(m_body));
}

}  // namespace berth::edge

// Judges the head of a request, before a byte of its body counts: ids, target, Host and Origin, token, operation,
// scope.
#pragma once

#include <optional>
#include <string>

#include "edge/commons.hpp"
#include "edge/inbound.hpp"
#include "edge/request_head.hpp"
#include "service/error.hpp"

namespace berth::edge {

// What a connection remembers of the last token it saw, so that keep-alive does not hash it again for every request.
struct TokenMemory {
  std::string secret;
  std::uint64_t generation = 0;
  session::Identity who;
};

struct Arrival {  // where the request came in
  std::string_view peer;
  bool tls = false;
  bool is_unix = false;
};

struct Judged {
  Inbound inbound;
  std::optional<service::Error> error;
  bool fatal = false;      // the connection cannot be used after the error
  bool preflight = false;  // OPTIONS: answer with inbound.allow
  std::string upload;      // the id of a /uploads/{id} resource, instead of a route
};

Judged judge(const RequestHead& head, const Arrival& arrival, Commons& commons, TokenMemory& memory);

}  // namespace berth::edge

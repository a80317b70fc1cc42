// What a client inside asks of the proxy: a tunnel, or one request to be passed on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "service/error.hpp"
#include "service/proxy/authority.hpp"
#include "service/proxy/head.hpp"

namespace berth::service::proxy {

struct Request {
  std::string method;
  Authority to;
  std::uint16_t port = 0;
  bool tunnel = false;
  std::string head;  // of a plain one, as the server is to get it
  Framing body;      // of a plain one
};

Result<Request> parse_request(std::string_view head);

}  // namespace berth::service::proxy

// Where a loopback service is: this machine and no other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "service/error.hpp"

namespace berth::service {

struct HttpTarget {
  std::string address;      // "127.0.0.1" or "::1"; empty: a Unix socket
  std::uint16_t port = 80;  // of the address
  std::string socket;       // path
  std::string host;         // the Host header
};

// "http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:8080", "unix:/run/x.sock". Names are not looked up,
// since what they lead to can change: anything else is refused.
Result<HttpTarget> parse_target(std::string_view text);

}  // namespace berth::service

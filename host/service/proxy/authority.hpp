// HOST or HOST:PORT, in a request or in the allow-list: one spelling for each host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/error.hpp"
#include "service/proxy/address.hpp"

namespace berth::service::proxy {

struct Authority {
  std::string host;                   // in small letters, without the last dot; an address as the system writes it
  std::optional<Address> address;     // the host is one, and no name
  std::optional<std::uint16_t> port;  // if it was stated

  bool operator==(const Authority&) const = default;
  std::string text() const;  // as it would be written: "example.org:443", "[2001:db8::1]"
};

// An error says what is wrong with the text. What some programs read as an address though it is none (127.1,
// 2130706433, 0x7f.1) is not a name either.
Result<Authority> parse_authority(std::string_view text);

}  // namespace berth::service::proxy

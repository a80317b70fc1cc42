// Which addresses nobody is connected to, whatever the allow-list says of the name that led there.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>

namespace berth::service::proxy {

using Address = boost::asio::ip::address;

struct Range {
  const char* cidr;
  const char* what;             // "a private network"
  bool may_be_allowed = false;  // by an entry of the allow-list that says so
};

// The range that closes an address; null: it is a public one. IPv4 inside IPv6 (mapped, NAT64) counts as what it is.
const Range* closed_range(const Address& address);
// Does this machine itself answer there? Where the system does not say: yes.
bool is_this_machine(const Address& address);
// Why nobody may be connected to it, "10.0.0.1 is in 10.0.0.0/8, a private network"; empty: one may. `inside`: what
// can be allowed is allowed.
std::string why_closed(const Address& address, bool inside);

}  // namespace berth::service::proxy

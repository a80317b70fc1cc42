// One table for both families: an IPv4 address is looked up in its mapped form, so that no spelling of it escapes. What
// it holds is IANA's registries of special addresses, and where clouds keep their machines' credentials.
#include "service/proxy/address.hpp"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <vector>

#include "service/unique_fd.hpp"

namespace berth::service::proxy {

namespace ip = boost::asio::ip;
using Bytes = ip::address_v6::bytes_type;

namespace {

constexpr const char* metadata = "where a cloud keeps its machines' credentials";
constexpr const char* private_network = "a private network";
constexpr const char* example = "for documentation";

// The first that fits is it.
constexpr Range ranges[] = {
    {"169.254.169.254/32", metadata},
    {"168.63.129.16/32", metadata},
    {"100.100.100.200/32", metadata},
    {"192.0.0.192/32", metadata},
    {"fd00:ec2::/32", metadata},
    {"fd20:ce::254/128", metadata},
    {"0.0.0.0/8", "this network"},
    {"10.0.0.0/8", private_network, true},
    {"100.64.0.0/10", "shared by a provider's customers", true},
    {"127.0.0.0/8", "this machine"},
    {"169.254.0.0/16", "link-local"},
    {"172.16.0.0/12", private_network, true},
    {"192.0.0.0/24", "for protocols"},
    {"192.0.2.0/24", example},
    {"192.88.99.0/24", "a relay of 6to4"},
    {"192.168.0.0/16", private_network, true},
    {"198.18.0.0/15", "for benchmarks"},
    {"198.51.100.0/24", example},
    {"203.0.113.0/24", example},
    {"224.0.0.0/4", "multicast"},
    {"240.0.0.0/4", "reserved"},
    {"::/128", "no address"},
    {"::1/128", "this machine"},
    {"2001::/23", "for protocols"},
    {"2001:db8::/32", example},
    {"2002::/16", "IPv4 in the form of 6to4"},
    {"3fff::/20", example},
    {"fc00::/7", private_network, true},
    {"fe80::/10", "link-local"},
    {"fec0::/10", "site-local"},
    {"ff00::/8", "multicast"},
};
constexpr Range elsewhere{"outside of 2000::/3", "not a public address"};

struct Row {
  const Range* range;
  Bytes prefix;
  unsigned bits;
};

Bytes mapped(const ip::address_v4& address) {
  const auto four = address.to_bytes();
  Bytes all{};
  all[10] = all[11] = 0xff;
  std::copy(four.begin(), four.end(), all.begin() + 12);
  return all;
}

bool has_prefix(const Bytes& address, const Bytes& prefix, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(prefix.begin(), prefix.begin() + whole, address.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((address[whole] ^ prefix[whole]) >> (8 - rest)) == 0;
}

Row row_of(const Range& range) {
  if (std::strchr(range.cidr, ':')) {
    const auto network = ip::make_network_v6(range.cidr);
    return {&range, network.address().to_bytes(), network.prefix_length()};
  }
  const auto network = ip::make_network_v4(range.cidr);
  return {&range, mapped(network.network()), network.prefix_length() + 96u};
}

const std::vector<Row>& rows() {
  static const std::vector<Row> all = [] {
    std::vector<Row> made;
    for (const Range& range : ranges) made.push_back(row_of(range));
    return made;
  }();
  return all;
}

// 64:ff9b::/96 is how a network without IPv4 shows all of it.
Bytes plain(const Address& address) {
  if (address.is_v4()) return mapped(address.to_v4());
  Bytes bytes = address.to_v6().to_bytes();
  static const Bytes nat64 = ip::make_address_v6("64:ff9b::").to_bytes();
  if (has_prefix(bytes, nat64, 96)) std::copy_n(mapped({}).begin(), 12, bytes.begin());
  return bytes;
}

Address unwrapped(const Address& address) {
  const Bytes bytes = plain(address);
  if (!has_prefix(bytes, mapped({}), 96)) return address;
  return ip::address_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
}

}  // namespace

const Range* closed_range(const Address& address) {
  const Bytes bytes = plain(address);
  for (const Row& row : rows()) {
    if (has_prefix(bytes, row.prefix, row.bits)) return row.range;
  }
  static const Bytes four = mapped({}), global = ip::make_address_v6("2000::").to_bytes();
  return has_prefix(bytes, four, 96) || has_prefix(bytes, global, 3) ? nullptr : &elsewhere;
}

namespace {

struct RouteQuestion {
  nlmsghdr head;
  rtmsg route;
  rtattr about;
  unsigned char address[16];
};

RouteQuestion question_of(const Address& address) {
  const bool four = address.is_v4();
  const unsigned size = four ? 4 : 16;
  RouteQuestion ask{};
  ask.head.nlmsg_len = offsetof(RouteQuestion, address) + size;
  ask.head.nlmsg_type = RTM_GETROUTE;
  ask.head.nlmsg_flags = NLM_F_REQUEST;
  ask.route.rtm_family = four ? AF_INET : AF_INET6;
  ask.route.rtm_dst_len = static_cast<unsigned char>(8 * size);
  ask.about.rta_type = RTA_DST;
  ask.about.rta_len = static_cast<unsigned short>(RTA_LENGTH(size));
  std::memcpy(ask.address, four ? address.to_v4().to_bytes().data() : address.to_v6().to_bytes().data(), size);
  return ask;
}

// What kind of way the kernel would go, RTN_UNICAST and so on; RTN_UNREACHABLE: none; nullopt: it does not say.
std::optional<int> way_to(const Address& address) {
  const RouteQuestion ask = question_of(address);
  alignas(nlmsghdr) char bytes[4096];
  const UniqueFd kernel(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!kernel || ::send(kernel.get(), &ask, ask.head.nlmsg_len, 0) < 0) return std::nullopt;
  const ssize_t got = ::recv(kernel.get(), bytes, sizeof bytes, MSG_DONTWAIT);  // it was answered within send()
  const auto* head = reinterpret_cast<const nlmsghdr*>(bytes);
  if (got < 0 || !NLMSG_OK(head, static_cast<unsigned>(got))) return std::nullopt;
  if (head->nlmsg_type == RTM_NEWROUTE) return static_cast<const rtmsg*>(NLMSG_DATA(head))->rtm_type;
  if (head->nlmsg_type != NLMSG_ERROR) return std::nullopt;
  const int number = -static_cast<const nlmsgerr*>(NLMSG_DATA(head))->error;
  const bool no_way = number == ENETUNREACH || number == EHOSTUNREACH || number == EACCES || number == EAFNOSUPPORT ||
                      number == EOPNOTSUPP;
  return no_way ? std::optional<int>(RTN_UNREACHABLE) : std::nullopt;
}

}  // namespace

// The routes know more than the interfaces' own addresses: whole networks can be this machine.
bool is_this_machine(const Address& address) {
  const int way = way_to(unwrapped(address)).value_or(RTN_LOCAL);
  return way != RTN_UNICAST && way != RTN_UNREACHABLE;
}

std::string why_closed(const Address& address, bool inside) {
  const Range* range = closed_range(address);
  if (range && !(inside && range->may_be_allowed))
    return address.to_string() + " is in " + range->cidr + ", " + range->what;
  return is_this_machine(address) ? address.to_string() + " is this machine" : "";
}

}  // namespace berth::service::proxy

// getifaddrs asks the kernel by netlink. The counters are /sys's, which have 64 bits; netlink's there have 32.
#include "interfaces.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>

#include <berth/call.hpp>

namespace machine {

using berth::Json;

namespace {

constexpr std::size_t most_interfaces = 1000, most_addresses = 256;

std::string hardware_address(const sockaddr* address) {
  sockaddr_ll link;
  std::memcpy(&link, address, sizeof link);
  std::string text;
  for (unsigned i = 0; i < link.sll_halen && i < sizeof link.sll_addr; ++i) {
    char two[4];
    std::snprintf(two, sizeof two, "%02x", link.sll_addr[i]);
    text += (i > 0 ? ":" : "") + std::string(two);
  }
  return text;
}

Json ip_address(const ifaddrs& one) {
  char text[INET6_ADDRSTRLEN] = {};
  const bool four = one.ifa_addr->sa_family == AF_INET;
  const std::size_t at = four ? offsetof(sockaddr_in, sin_addr) : offsetof(sockaddr_in6, sin6_addr);
  const std::size_t size = four ? 4 : 16;
  unsigned char bytes[16], mask[16] = {};
  std::memcpy(bytes, reinterpret_cast<const char*>(one.ifa_addr) + at, size);
  if (one.ifa_netmask != nullptr) std::memcpy(mask, reinterpret_cast<const char*>(one.ifa_netmask) + at, size);
  ::inet_ntop(one.ifa_addr->sa_family, bytes, text, sizeof text);
  return {{"family", four ? "ipv4" : "ipv6"}, {"address", text}, {"prefix", prefix_of(mask, size)}};
}

Json counters(const Trees& trees, const std::string& folder, const char* way) {
  Json counted = Json::object();
  for (const char* what : {"bytes", "packets", "errors", "dropped"}) {
    const auto value = trees.sys.number<std::uint64_t>(folder + "/statistics/" + way + "_" + what);
    if (value) counted[what] = *value;
  }
  return counted;
}

Json interface_of(const Trees& trees, const std::string& name, unsigned flags) {
  const std::string folder = "class/net/" + name;
  Json one{{"name", shown(name)},
           {"up", (flags & IFF_UP) != 0},
           {"running", (flags & IFF_RUNNING) != 0},
           {"loopback", (flags & IFF_LOOPBACK) != 0},
           {"addresses", Json::array()},
           {"received", counters(trees, folder, "rx")},
           {"sent", counters(trees, folder, "tx")}};
  if (const auto state = trees.sys.line(folder + "/operstate"); !state.empty()) one["state"] = state;
  if (const auto mtu = trees.sys.number<unsigned>(folder + "/mtu")) one["mtu"] = *mtu;
  if (const auto speed = trees.sys.number<int>(folder + "/speed"); speed && *speed > 0) one["speed_mbit"] = *speed;
  return one;
}

}  // namespace

unsigned prefix_of(const unsigned char* mask, std::size_t bytes) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < bytes * 8; ++i) {
    if ((mask[i / 8] & (0x80u >> (i % 8))) == 0) break;
    ++bits;
  }
  return bits;
}

Json tell_interfaces(const Trees& trees) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0)
    throw berth::Error(503, "no_interfaces",
                       std::string("the kernel does not tell its interfaces: ") + std::strerror(errno),
                       "netlink is refused here: by a container's seccomp profile, perhaps");
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> all(first, &::freeifaddrs);
  std::map<std::string, Json> found;
  bool cut = false;
  for (const ifaddrs* at = first; at != nullptr; at = at->ifa_next) {
    std::string name = at->ifa_name;
    name.resize(std::min(name.size(), name.find(':')));  // "eth0:1" is a label of eth0's
    if (found.count(name) == 0) {
      if ((cut = found.size() == most_interfaces)) break;
      found.emplace(name, interface_of(trees, name, at->ifa_flags));
    }
    if (at->ifa_addr == nullptr) continue;
    Json& one = found.at(name);
    const auto family = at->ifa_addr->sa_family;
    if (family == AF_PACKET) {
      if (const auto address = hardware_address(at->ifa_addr); !address.empty()) one["hardware_address"] = address;
    } else if ((family == AF_INET || family == AF_INET6) && one["addresses"].size() < most_addresses) {
      one["addresses"].push_back(ip_address(*at));
    }
  }
  Json answer{{"interfaces", Json::array()}, {"truncated", cut}};
  for (auto& [name, one] : found) answer["interfaces"].push_back(std::move(one));
  return answer;
}

}  // namespace machine

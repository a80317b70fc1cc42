// Host, Origin and Authorization, read with suspicion.
#include "edge/guard.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>

#include "edge/field_list.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;

namespace {

bool is_port(std::string_view text) {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

bool is_address(int family, std::string_view text) {
  unsigned char room[16];
  return inet_pton(family, std::string(text).c_str(), room) == 1;
}

// The name without the port; nullopt if this is no authority.
std::optional<std::string_view> name_of(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const auto rest = authority.substr(end + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
    return authority.substr(0, end + 1);
  }
  const auto colon = authority.find(':');
  if (colon == std::string_view::npos) return authority;
  if (!is_port(authority.substr(colon + 1))) return std::nullopt;
  return authority.substr(0, colon);
}

bool harmless(std::string_view name) {
  if (name.starts_with('[')) return is_address(AF_INET6, name.substr(1, name.size() - 2));
  return service::equal_fold(name, "localhost") || is_address(AF_INET, name);
}

bool listed(std::string_view name, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [&](const auto& other) { return service::equal_fold(name, other); });
}

}  // namespace

std::optional<Error> check_host(std::string_view authority, const std::vector<std::string>& hosts) {
  const auto name = name_of(authority);
  if (name && (harmless(*name) || listed(*name, hosts))) return std::nullopt;
  return Error{421, "host_refused", "this host does not go by the name in the Host field",
               "use localhost or an IP address, or name it in berth.lua: hosts { \"NAME\" }"};
}

std::optional<Error> check_origin(std::string_view origin, std::string_view authority, bool tls,
                                  const std::vector<std::string>& origins) {
  const std::string own = (tls ? "https://" : "http://") + std::string(authority);
  if (service::equal_fold(origin, own) || listed(origin, origins)) return std::nullopt;
  return Error{403, "origin_refused", "web pages of this origin may not call this host",
               "allow it in berth.lua: origins { \"ORIGIN\" }"};
}

std::optional<std::string_view> bearer_of(const RequestHead& head) {
  constexpr std::string_view scheme = "bearer ";
  if (const auto field = head.find("Authorization")) {
    if (field->size() <= scheme.size() || !service::equal_fold(field->substr(0, scheme.size()), scheme)) return "";
    auto token = field->substr(scheme.size());
    while (token.starts_with(' ')) token.remove_prefix(1);
    return token;
  }
  constexpr std::string_view prefix = "bearer.";
  std::string_view offered = head.value("Sec-WebSocket-Protocol");
  while (head.upgrade && !offered.empty()) {
    const auto one = take_item(offered);
    if (one.starts_with(prefix)) return one.substr(prefix.size());
  }
  return std::nullopt;
}

}  // namespace berth::edge

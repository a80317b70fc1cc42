// listen, hosts and origins: where the host is to be found, and by which names.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cctype>

#include "command/config_statements.hpp"
#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using Values = std::vector<json>;

namespace {

constexpr const char* listen_form =
    "listen wants an address: listen \"127.0.0.1:8888\" or listen { \"0.0.0.0:8443\", tls = { cert = …, key = … } }";

bool is_address(int family, const std::string& text) {
  in6_addr room{};
  return inet_pton(family, text.c_str(), &room) == 1;
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == '_';
  });
}

bool is_port(const std::string& text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string::npos &&
         std::stoul(text) <= 65535;
}

std::string bad_unix_path(const std::string& path) {
  if (path.empty()) return "unix: wants a path";
  if (path.size() >= sizeof(sockaddr_un::sun_path)) return "a Unix socket's path has at most 107 bytes: " + path;
  return "";
}

edge::TlsFiles read_tls(const Statement& statement, const json& tls) {
  statement.check_keys(tls, {"cert", "key", "client_ca"});
  edge::TlsFiles files{readable(statement, tls, "cert"), readable(statement, tls, "key"), std::nullopt};
  if (!tls.contains("cert") || !tls.contains("key")) statement.complain("tls wants cert and key", "tls");
  if (tls.contains("client_ca")) files.client_ca = readable(statement, tls, "client_ca");
  return files;
}

// The address that `given` states, or nothing.
std::string address_of(const json& given) {
  const json& list = given.is_object() && given.contains("") ? given[""] : given;
  if (list.is_string()) return list.get<std::string>();
  return list.is_array() && list.size() == 1 && list[0].is_string() ? list[0].get<std::string>() : "";
}

bool any_port(const std::string& address) { return !address.starts_with("unix:") && address.ends_with(":0"); }

bool is_origin(const std::string& text) {
  const auto scheme = text.find("://");
  if (scheme == std::string::npos || (text.substr(0, scheme) != "http" && text.substr(0, scheme) != "https"))
    return false;
  std::string name = text.substr(scheme + 3);
  const auto colon = name.rfind(':');
  if (name.starts_with('[')) {
    const auto end = name.find(']');
    if (end == std::string::npos || (end + 1 < name.size() && name[end + 1] != ':')) return false;
    return is_address(AF_INET6, name.substr(1, end - 1)) && (end + 1 == name.size() || is_port(name.substr(end + 2)));
  }
  if (colon != std::string::npos && !is_port(name.substr(colon + 1))) return false;
  return is_host_name(name.substr(0, colon));
}

}  // namespace

std::string read_listen(Config& config, const Statement& statement, const Values& arguments) {
  edge::Listen one{arguments.size() == 1 ? address_of(arguments[0]) : "", std::nullopt, statement.where()};
  if (one.address.empty()) return listen_form;
  if (arguments[0].is_object()) {
    const json& given = arguments[0];
    statement.check_keys(given, {"", "tls"});
    if (given.contains("tls") && !given["tls"].is_object()) return "tls wants a table: { cert = …, key = … }";
    if (given.contains("tls")) one.tls = read_tls(statement, given["tls"]);
  }
  if (one.address.starts_with("unix:")) {
    if (one.tls) return "a Unix socket has no use for tls";
    if (one.address.size() > 5) one.address = "unix:" + resolved(statement, one.address.substr(5));
  }
  if (auto wrong = bad_address(one.address); !wrong.empty()) return wrong;
  for (const auto& other : config.edge.listens) {
    if (other.address == one.address && !any_port(one.address))
      return one.address + " is listened on already; first in " + other.where;
  }
  config.edge.listens.push_back(std::move(one));
  return "";
}

std::string read_hosts(Config& config, const Statement& statement, const Values& arguments) {
  const std::size_t before = config.edge.hosts.size();
  auto wrong = read_texts(config.edge.hosts, "hosts", arguments);
  for (std::size_t i = before; i < config.edge.hosts.size(); ++i) {
    if (!is_host_name(config.edge.hosts[i]))
      statement.complain("\"" + config.edge.hosts[i] +
                         "\" is no name of a host; write NAME alone, without http:// or a port");
  }
  return wrong;
}

std::string read_origins(Config& config, const Statement& statement, const Values& arguments) {
  const std::size_t before = config.edge.origins.size();
  auto wrong = read_texts(config.edge.origins, "origins", arguments);
  for (std::size_t i = before; i < config.edge.origins.size(); ++i) {
    if (!is_origin(config.edge.origins[i]))
      statement.complain("\"" + config.edge.origins[i] + "\" is no origin; write https://NAME or https://NAME:PORT");
  }
  return wrong;
}

std::string bad_address(const std::string& address) {
  if (address.starts_with("unix:")) return bad_unix_path(address.substr(5));
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0)
    return "\"" + address + "\" is no address; write HOST:PORT, [IPV6]:PORT or unix:PATH";
  if (!is_port(address.substr(colon + 1))) return "\"" + address.substr(colon + 1) + "\" is no port";
  const std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    const std::string inside = host.substr(1, host.size() - 2);
    return is_address(AF_INET6, inside.substr(0, inside.find('%'))) ? "" : "\"" + host + "\" is no IPv6 address";
  }
  if (host.find(':') != std::string::npos) return "write an IPv6 address as [ADDRESS]:PORT";
  return is_host_name(host) ? "" : "\"" + host + "\" is no host; 0.0.0.0 stands for every address of this machine";
}

// A name may mean any address, whatever it looks like; localhost is this machine by its standard.
bool reaches_beyond_this_machine(const std::string& address) {
  if (address.starts_with("unix:")) return false;
  const std::string host = address.substr(0, address.rfind(':'));
  const bool own = host == "localhost" || host == "[::1]" || (host.starts_with("127.") && is_address(AF_INET, host));
  return !own;
}

// A plugin's own process, confined, is kept from Unix sockets, and not from TCP.
std::string open_door(bool auth, const std::vector<edge::Listen>& listens) {
  const auto tcp = [](const edge::Listen& one) { return !one.address.starts_with("unix:"); };
  if (auth || std::none_of(listens.begin(), listens.end(), tcp)) return {};
  return "auth(false): every program of this machine that reaches an address by TCP is admin, and the processes of "
         "confined plugins do; remove it, or listen on Unix sockets alone, which those cannot open";
}

void finish_config(Config& config, const std::string& file, std::vector<std::string>& errors) {
  if (config.edge.listens.empty()) config.edge.listens.push_back({"127.0.0.1:8888", std::nullopt, file});
  if (config.edge.auth) return;
  for (const auto& one : config.edge.listens) {
    if (reaches_beyond_this_machine(one.address))
      errors.push_back(one.where + ": " + one.address +
                       " reaches beyond this machine and so needs tokens; remove auth(false)");
  }
}

}  // namespace berth::command

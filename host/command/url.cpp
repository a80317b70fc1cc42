// http://HOST[:PORT][/PATH], https://…, unix:PATH.
#include "command/url.hpp"

#include <sys/un.h>

#include <algorithm>

#include "command/config.hpp"

namespace berth::command {

namespace {

bool is_clean(std::string_view text) {
  for (const unsigned char c : text) {
    if (c <= ' ' || c == 0x7f) return false;
  }
  return true;
}

std::optional<Url> unix_url(std::string_view path) {
  if (path.starts_with("//")) path.remove_prefix(2);
  if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path)) return std::nullopt;
  Url url;
  url.is_unix = true;
  url.path = path;
  return url;
}

// HOST, HOST:PORT, [ADDRESS], [ADDRESS]:PORT
bool read_authority(Url& url, std::string_view text) {
  const auto colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos;
  url.host = text.substr(0, has_port ? colon : text.size());
  url.port = has_port ? text.substr(colon + 1) : url.tls ? "443" : "80";
  if (url.port == "0" || !bad_address(url.host + ":" + url.port).empty()) return false;
  if (url.host.starts_with('[')) url.host = url.host.substr(1, url.host.size() - 2);
  return true;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  if (text.starts_with("unix:")) return unix_url(text.substr(5));
  Url url;
  url.tls = text.starts_with("https://");
  if (!is_clean(text) || (!url.tls && !text.starts_with("http://"))) return std::nullopt;
  text.remove_prefix(url.tls ? 8 : 7);
  const auto slash = std::min(text.find('/'), text.size());
  if (!read_authority(url, text.substr(0, slash))) return std::nullopt;
  url.path = text.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  if (url.path.find_first_of("?#") != std::string::npos) return std::nullopt;
  return url;
}

std::string Url::authority() const {
  if (is_unix) return "localhost";
  const bool six = host.find(':') != std::string::npos;
  return (six ? "[" + host + "]" : host) + ":" + port;
}

bool Url::is_this_machine() const { return is_unix || !reaches_beyond_this_machine(authority()); }

}  // namespace berth::command

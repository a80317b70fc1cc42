// Literal addresses, and the one name that means this machine.
#include "service/http/target.hpp"

#include <sys/un.h>

#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "service/text.hpp"

namespace berth::service {

namespace {

Error refused(std::string_view text, std::string why) {
  return {422, "not_loopback", "\"" + std::string(text.substr(0, 200)) + "\" cannot be asked: " + std::move(why),
          "only this machine's services: http://127.0.0.1:PORT, http://[::1]:PORT, http://localhost:PORT, unix:/PATH"};
}

Result<HttpTarget> parse_socket(std::string_view text, std::string_view path) {
  if (path.empty() || path[0] != '/' || path.size() >= sizeof(sockaddr_un::sun_path) ||
      path.find('\0') != std::string_view::npos)
    return refused(text, "it is no path of a Unix socket");
  HttpTarget target;
  target.socket = path;
  target.host = "localhost";
  return target;
}

}  // namespace

Result<HttpTarget> parse_target(std::string_view text) {
  if (text.rfind("unix:", 0) == 0) return parse_socket(text, text.substr(5));
  if (text.rfind("http://", 0) != 0) return refused(text, "it begins neither with http:// nor with unix:");
  std::string_view rest = text.substr(7);
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  HttpTarget target;
  target.host = rest;
  const bool bracketed = !rest.empty() && rest[0] == '[';
  const auto end = bracketed ? rest.find(']') : rest.find(':');
  if (bracketed && end == std::string_view::npos) return refused(text, "it is no address");
  std::string_view host =
      rest.substr(bracketed ? 1 : 0, end == std::string_view::npos ? end : end - (bracketed ? 1 : 0));
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + (bracketed ? 1 : 0));
  if (!rest.empty()) {
    const char* last = rest.data() + rest.size();
    const auto [stopped, failed] = std::from_chars(rest.data() + 1, last, target.port);
    if (rest[0] != ':' || failed != std::errc() || stopped != last || target.port == 0)
      return refused(text, "its port is none");
  }
  if (equal_fold(host, "localhost")) host = "127.0.0.1";
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address(std::string(host), failed);
  if (failed) return refused(text, "it is no address, and names are not looked up");
  if (!address.is_loopback()) return refused(text, "it is not this machine");
  target.address = address.to_string();
  return target;
}

}  // namespace berth::service

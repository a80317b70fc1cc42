// What is served or joined is loopback or a socket file; nothing else could be meant well.
#include "command/connection_file.hpp"

#include <sys/un.h>

#include <boost/asio/ip/address.hpp>

#include "command/json_reading.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;
using service::Result;

namespace {

constexpr std::array channels{"shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"};

Error bad_file(const std::string& why) { return {0, "bad_option", "the connection file " + why}; }

bool is_loopback(const std::string& ip) {
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address(ip, failed);
  return !failed && address.is_loopback();
}

}  // namespace

Result<ConnectionFile> read_connection(const std::string& text) {
  const json all = json_of(text);
  if (!all.is_object()) return bad_file("is no JSON object");
  const std::string transport = text_at(all, "transport", "tcp"), ip = text_at(all, "ip");
  if (transport != "tcp" && transport != "ipc") return bad_file("wants a transport that is neither tcp nor ipc");
  if (transport == "tcp" && !is_loopback(ip)) return bad_file("wants an address that is not this machine's own: " + ip);
  if (transport == "ipc" && (ip.empty() || ip.find('\0') != std::string::npos)) return bad_file("names no socket");
  if (text_at(all, "signature_scheme", "hmac-sha256") != "hmac-sha256")
    return bad_file("wants another signature than hmac-sha256");
  ConnectionFile file{text_at(all, "key"), {}};
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto port = all.find(channels[i]);
    if (port == all.end() || !port->is_number_unsigned() || *port < 1u || *port > 65535u)
      return bad_file(std::string("has no ") + channels[i]);
    auto& place = file.places[i];
    place.port = port->get<unsigned short>();
    if (transport == "tcp") place.ip = ip;
    if (transport == "ipc") place.path = ip + "-" + std::to_string(place.port);
    if (place.path.size() >= sizeof(sockaddr_un::sun_path))
      return bad_file("names a socket with a name that is too long");
  }
  return file;
}

}  // namespace berth::command

// Where a host is, as --url says it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth::command {

struct Url {
  bool tls = false, is_unix = false;
  std::string host, port;  // of TCP
  std::string path;        // unix: the socket's; otherwise what stands before every path, without a slash at its end

  std::string authority() const;  // for the Host field
  bool is_this_machine() const;   // surely: a loopback address or a socket file
};

std::optional<Url> parse_url(std::string_view text);

}  // namespace berth::command

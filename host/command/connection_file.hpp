// A connection file, as Jupyter writes it for a kernel that it starts: which key, and the five addresses that are to be
// served. Only this machine can be meant.
#pragma once

#include <array>
#include <string>

#include "service/error.hpp"

namespace berth::command {

struct Place {       // of one channel
  std::string path;  // of a Unix socket; empty: TCP
  std::string ip;
  unsigned short port = 0;
};

struct ConnectionFile {
  std::string key;
  std::array<Place, 5> places;  // shell, iopub, stdin, control, heartbeat
};

// From the text of the file, or of what a host says of the wire it serves, which has no key. Error code "bad_option".
service::Result<ConnectionFile> read_connection(const std::string& text);

}  // namespace berth::command

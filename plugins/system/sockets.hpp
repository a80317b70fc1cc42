// TCP and UDP sockets of this process's network namespace: from the kernel's sock_diag, or, where that is refused (in a
// confined process), from the text in /proc/net.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tree.hpp"

namespace machine {

struct Endpoint {
  std::string address;
  unsigned port = 0;
};

struct Socket {
  bool tcp = true, six = false;
  Endpoint local, remote;
  unsigned state = 0;  // the kernel's number
  std::uint64_t to_read = 0, to_send = 0;
  unsigned user = 0;
  std::uint64_t inode = 0;  // 0: nobody's any more
};

std::string state_name(unsigned state);

// /proc/net/tcp, tcp6, udp, udp6. `cut` becomes true where there are more than are told.
std::vector<Socket> sockets_of(std::string_view table, bool tcp, bool six, bool* cut = nullptr);

// One answer of sock_diag. True: it was the last; false: more comes; nothing: it is an error.
std::optional<bool> read_diag(std::string_view bytes, bool tcp, std::vector<Socket>& into);

// At most 100,000 of each table.
std::vector<Socket> all_sockets(const Trees& trees, bool* cut = nullptr);

}  // namespace machine

// What is there on this machine. Nothing is run and nothing is loaded to find out.
#pragma once

#include <sys/types.h>

#include <set>
#include <string>
#include <vector>

#include "loader/manifest.hpp"

namespace berth::command {

std::string environment(const char* name);  // empty: it is not set
std::string system_name();                  // "Debian GNU/Linux 12 (bookworm)"
bool is_there(const loader::Need& need);
// Where the dynamic linker looks, as far as configuration files tell: LD_LIBRARY_PATH, `conf` with what it includes,
// and its own folders.
std::vector<std::string> library_folders(const std::string& conf = "/etc/ld.so.conf");
// Could a file be made in the folder, or the folder itself with what of its parents is missing?
bool can_hold_files(const std::string& folder);
struct PortTrouble {
  std::string why;  // empty: there is none
  std::string get;  // what to do about it
};
// Why nobody can listen on HOST:PORT now. Port 0 is always free.
PortTrouble port_trouble(const std::string& address);
// Whose programs listen on this TCP port of this machine, at one address or another, as far as that can be known.
std::set<uid_t> listeners_of(unsigned port);

}  // namespace berth::command

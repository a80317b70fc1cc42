// The ids of background processes. An old one never names a new process, also when the host has been started again
// meanwhile, or the plugin loaded again, or a session made again.
#pragma once

#include <berth/service/files.hpp>

#include <cstdint>
#include <string>

namespace shell {

class Ids {
 public:
  explicit Ids(const berth::Files& files);  // works on a disk
  std::string next();                       // "p1", "p2"; of the second instance "p2-1", "p2-2"

 private:
  std::string m_begin;
  std::uint64_t m_last = 0;
};

}  // namespace shell

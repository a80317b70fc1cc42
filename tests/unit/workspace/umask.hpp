// The umask that the host gives itself, for as long as this is there.
#pragma once

#include <sys/stat.h>

namespace workspace {

class HostsUmask {
 public:
  HostsUmask() : m_before(::umask(0077)) {}
  ~HostsUmask() { ::umask(m_before); }
  HostsUmask(const HostsUmask&) = delete;

 private:
  const mode_t m_before;
};

}  // namespace workspace

// Where a session's files are, and whose they are: what those who handle the files ask for, and need not know more.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "service/error.hpp"

namespace berth::session {

struct Workspace {
  std::string folder;                // of the machine; has upload/ output/ deploy/ .store/
  uid_t user = 0;                    // of the agent: what it is to write belongs to it
  std::uint64_t quota = 0;           // bytes that all of it may take; 0: no bound
  std::vector<std::string> aliases;  // other names that /workspace has inside
};

class Workspaces {
 public:
  virtual ~Workspaces() = default;
  // An Error (404) if there is no such session. Any thread; may touch the disk.
  virtual service::Result<Workspace> workspace_of(const std::string& session) = 0;
};

}  // namespace berth::session

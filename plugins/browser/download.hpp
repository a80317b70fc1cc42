// What pages have given to be kept: each is brought into the session's workspace once it is whole.
#pragma once

#include <berth/service/workspace.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "cdp.hpp"

namespace browser {

struct Download {
  std::uint64_t number = 0;
  std::string guid, url, name;         // the name: a safe one
  std::string state = "under way";     // "done", "refused", "cancelled", "failed"
  std::string path, why, quarantined;  // where it is now; why it is not; why nobody should run it
  double received = 0, expected = 0;   // bytes; 0 of the second: it is not known
  bool told = false;
  Json json() const;
};

// Kinds of files that do harm when they are opened, by the ends of their names.
std::vector<std::string> harmful_endings();
// Why it is one of those, by its name and its first bytes; empty if it is none.
std::string harm_of(const std::string& name, std::string_view begin, const std::vector<std::string>& endings);

// Into output/downloads/, or output/downloads/quarantine/ with `.quarantine` behind its name. On the carrier's thread.
struct Brought {
  std::string path, quarantined;
};
Brought bring(const berth::Workspace& workspace, const std::string& name, int file,
              const std::vector<std::string>& endings);

}  // namespace browser

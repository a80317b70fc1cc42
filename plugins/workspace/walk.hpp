// Walks all that lies below a folder, by descriptors alone: no link is followed, so nothing that is swapped meanwhile
// leads out, and names may be any bytes.
#pragma once

#include <dirent.h>
#include <sys/stat.h>

#include <cstdint>
#include <functional>
#include <string>

#include <berth/fd.hpp>

namespace workspace {

struct Entry {
  const std::string& path;  // below the folder where the walk began
  const std::string& name;
  int folder;                // where it lies; open while the visit lasts
  unsigned char type;        // DT_REG, DT_DIR, DT_LNK, …
  std::uint64_t unreadable;  // folders before it
};

enum class Step { on, past, stop };  // past: a folder is not entered

struct Walked {
  std::uint64_t unreadable = 0;  // folders that could not be entered, or lie too deep
  bool whole = true;             // false: a visit said stop
};

// In the order of names. A folder is visited before what is in it.
Walked walk(int folder, const std::function<Step(const Entry&)>& visit);

// A folder, or a regular file, by its own name: links and everything else are refused. Never waits for a pipe.
berth::Fd open_folder_in(int folder, const std::string& name);
berth::Fd open_file_in(int folder, const std::string& name, struct stat& about);

}  // namespace workspace

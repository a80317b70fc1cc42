// Folders and files with the mode that they are to have: the host's umask keeps others out of what it makes, and what
// is made here is for the agent.
#pragma once

#include <sys/types.h>

#include <string>

#include <berth/fd.hpp>

namespace workspace {

struct MadeFolder {
  berth::Fd fd;  // none, and errno, if there is no folder of that name afterwards: ELOOP of a link
  bool made = false;
};
// The folder of that name, of mode 0755 if it is made now.
MadeFolder make_folder_in(int folder, const std::string& name);
// A new file: of mode 0644, if nothing else is said. None, and errno: above all EEXIST.
berth::Fd make_file_in(int folder, const std::string& name, int flags, mode_t mode = 0644);

}  // namespace workspace

// The one way to files of the machine. The host may read nearly everything, and whoever asks may be an agent: so only
// what berth.lua lists is opened, and of that only what every user of the machine may read anyway.
#pragma once

#include <berth/call.hpp>
#include <berth/fd.hpp>

#include <sys/stat.h>

#include <string>
#include <vector>

namespace machine {

struct Place {
  berth::Fd fd;  // O_PATH, of a file or folder that may be read
  struct stat facts;
  std::string path;  // as it was asked for
};

// May strangers read it, going by the modes of it and of all folders above it?
bool is_public(const std::string& real_path, const struct stat& facts);
// What is never opened, whatever is listed: what processes tell of themselves, and devices.
bool is_never(std::string_view real_path);

class Places {
 public:
  // Absolute paths: files, or folders with all beneath them.
  explicit Places(std::vector<std::string> listed);
  Place open(const std::string& path) const;

 private:
  std::vector<std::string> m_listed;
};

// What is at a path beneath an open folder, or a listed file itself (an empty path). Throws if it leads out, is never
// read, or, with a hint for that case, if strangers may not read it: then whether or not it is there.
Place open_place(berth::Fd top, const std::string& path, const std::string& asked, const std::string* hint);

// A regular file's, for reading; of a place that was looked at, not of a path that may be another's by now.
berth::Fd readable_file(const Place& place);
berth::Fd readable_folder(const Place& place);
berth::Error not_opened(int number, const std::string& path);

}  // namespace machine

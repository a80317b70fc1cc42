// A file that comes to its place in one step: written beside it under another name, then renamed. Until then, and if
// anything goes wrong, what was there stays, and nothing else is left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "root.hpp"

namespace workspace {

class NewFile {
 public:
  // Throws Error, as all of it: 507 if the disk is full.
  NewFile(const Root& root, const Place& place, bool parents);
  ~NewFile();
  NewFile(const NewFile&) = delete;

  int fd() const { return m_file.get(); }
  void write(std::string_view bytes);
  // What is there now, if anything is; throws an Error (403, 422), if it is nothing that a file may replace.
  std::optional<struct stat> old() const;
  enum class Over { nothing, file };
  struct stat put(Over over, mode_t mode = 0644);  // 409 if something is there, and nothing may be

 private:
  const Root& m_root;
  const Place m_place;
  const Fd m_folder;
  std::string m_half;  // its name until then
  Fd m_file;
};

// A name for something unfinished, which no other has.
std::string half_name();
// renameat2 without replacing; for disks that do not know it, with a short gap between looking and renaming. 0 or
// errno.
int rename_to_free(int from, const std::string& name, int to, const std::string& other);
void write_all(int fd, std::string_view bytes, const Place& place);

}  // namespace workspace

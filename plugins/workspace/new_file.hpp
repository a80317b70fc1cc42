// A file that comes to its place in one step: written without any name, then linked to its own. Until then, and if
// anything goes wrong, what was there stays, and nothing else is left; by a host that is killed in the moment when an
// old file is replaced, one with the name .berth-half, until the next is replaced in the same folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "root.hpp"

namespace workspace {

// What is there now in that folder, if anything is; throws an Error (403, 422), if it is nothing that a file may
// replace.
std::optional<struct stat> replaceable(int folder, const Place& place);

class NewFile {
 public:
  // Throws Error, as all of it: 507 if the disk is full.
  NewFile(const Root& root, const Place& place, bool parents);
  ~NewFile();
  NewFile(const NewFile&) = delete;

  int fd() const { return m_file.get(); }
  void write(std::string_view bytes);
  std::optional<struct stat> old() const { return replaceable(m_folder.get(), m_place); }
  enum class Over { nothing, file };
  struct stat put(Over over, mode_t mode = 0644);  // 409 if something is there, and nothing may be

 private:
  bool open_nameless();
  int link_to(const std::string& name) const;  // 0 or errno, as those that follow
  int take_half_name();
  int come_to(const std::string& name, Over over);

  const Root& m_root;
  const Place m_place;
  const berth::Fd m_folder;
  std::string m_half;  // its name until then, if it has one
  berth::Fd m_file;
};

// A name for something unfinished, which no other has: the beginning and 16 hex digits.
std::string random_name(std::string_view beginning);
bool is_random_name(std::string_view name, std::string_view beginning);
std::string half_name();
// One of those that a file has until it comes to its place; `over`: it replaces one then.
bool is_half_name(std::string_view name);
bool is_half_name_over(std::string_view name);
// renameat2 without replacing; for disks that do not know it, with a short gap between looking and renaming. 0 or
// errno.
int rename_to_free(int from, const std::string& name, int to, const std::string& other);
void write_all(int fd, std::string_view bytes, const Place& place);

}  // namespace workspace

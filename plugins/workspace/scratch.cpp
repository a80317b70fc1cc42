// Names that nobody else has, and removal by descriptors.
#include "scratch.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include <berth/call.hpp>
#include <cerrno>
#include <cstring>
#include <vector>

#include "folder_names.hpp"
#include "made.hpp"
#include "new_file.hpp"
#include "remove.hpp"
#include "walk.hpp"

namespace workspace {

namespace {

constexpr std::string_view beginning = ".new-";

// All of it, without following any link. What cannot be removed stays.
void remove_tree(int folder, const std::string& name) {
  try {
    remove_all(folder, name, {name, Part::other});
  } catch (const berth::Error&) {
    return;  // the next one tries again
  }
}

// What a host that was killed left behind: folders that nobody holds, and that were not made just now.
void sweep(int beside) {
  std::vector<std::string> left;
  each_name(beside, [&](std::string name) {
    if (is_random_name(name, beginning)) left.push_back(std::move(name));
    return true;
  });
  for (const auto& name : left) {
    const berth::Fd fd = open_folder_in(beside, name);
    struct stat about {};
    if (!fd || ::fstat(fd.get(), &about) != 0 || about.st_mtime + 10 > ::time(nullptr)) continue;
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) remove_tree(beside, name);
  }
}

}  // namespace

Scratch::Scratch(int beside) : m_beside(beside) {
  sweep(beside);
  m_name = random_name(beginning);
  MadeFolder folder = make_folder_in(beside, m_name);
  m_fd = std::move(folder.fd);
  if (m_fd) {
    ::flock(m_fd.get(), LOCK_EX | LOCK_NB);
    return;
  }
  if (errno == ENOSPC || errno == EDQUOT)
    throw berth::Error(507, "disk_full", "the disk is full", "delete what is not needed any more");
  throw berth::Error(500, "no_folder", std::string("no folder can be made there: ") + std::strerror(errno));
}

Scratch::~Scratch() {
  if (!m_name.empty()) remove_tree(m_beside, m_name);
}

bool Scratch::becomes(const std::string& name) {
  errno = rename_to_free(m_beside, m_name, m_beside, name);
  if (errno != 0) return false;
  m_name.clear();
  return true;
}

}  // namespace workspace

// Names that nobody else has, and removal by descriptors.
#include "scratch.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <berth/call.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "walk.hpp"

namespace workspace {

namespace {

// What is in a folder, one level: files go at once, folders are told.
std::vector<std::string> remove_files(int folder) {
  std::vector<std::string> folders;
  walk(folder, [&](const Entry& entry) {
    if (entry.type == DT_DIR) {
      folders.push_back(entry.name);
    } else {
      ::unlinkat(entry.folder, entry.name.c_str(), 0);
    }
    return Step::past;
  });
  return folders;
}

}  // namespace

void remove_tree(int folder, const std::string& name) {
  const Fd at = open_folder_in(folder, name);
  if (!at) {
    ::unlinkat(folder, name.c_str(), 0);
    return;
  }
  for (const auto& one : remove_files(at.get())) remove_tree(at.get(), one);
  ::unlinkat(folder, name.c_str(), AT_REMOVEDIR);
}

namespace {

// What a host that was killed left behind: folders that nobody holds, and that were not made just now.
void sweep(int beside) {
  std::vector<std::string> left;
  walk(beside, [&](const Entry& entry) {
    if (entry.type == DT_DIR && entry.name.compare(0, 5, ".new-") == 0) left.push_back(entry.name);
    return Step::past;
  });
  for (const auto& name : left) {
    const Fd fd = open_folder_in(beside, name);
    struct stat about {};
    if (!fd || ::fstat(fd.get(), &about) != 0 || about.st_mtime + 10 > ::time(nullptr)) continue;
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) remove_tree(beside, name);
  }
}

}  // namespace

Scratch::Scratch(int beside) : m_beside(beside) {
  sweep(beside);
  unsigned long long number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) throw berth::Error(500, "no_random", "no random number");
  char text[32];
  std::snprintf(text, sizeof text, ".new-%016llx", number);
  m_name = text;
  if (::mkdirat(beside, text, 0755) == 0) m_fd = open_folder_in(beside, m_name);
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
  if (::renameat2(m_beside, m_name.c_str(), m_beside, name.c_str(), RENAME_NOREPLACE) != 0) return false;
  m_name.clear();
  return true;
}

}  // namespace workspace

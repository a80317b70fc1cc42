// Files of /proc have no size, and may be gone at any moment: read until nothing comes.
#include "tree.hpp"

#include <berth/fd.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace machine {

std::optional<std::string> Tree::text(const std::string& path, std::size_t most) const {
  const berth::Fd file(::open(at(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file) return std::nullopt;
  std::string all;
  while (all.size() < most) {
    const std::size_t had = all.size();
    all.resize(std::min(most, had + std::max<std::size_t>(4096, had)));
    const ssize_t got = ::read(file.get(), all.data() + had, all.size() - had);
    all.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;  // ESRCH: the process is gone
    if (got == 0) break;
  }
  return all;
}

std::string Tree::line(const std::string& path) const {
  const auto found = text(path, 4096);
  return found ? shown(trimmed(std::string_view(*found).substr(0, found->find('\n')))) : std::string();
}

std::vector<std::string> Tree::names(const std::string& path, std::size_t most, bool* cut) const {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(at(path).c_str()), &::closedir);
  if (!folder) return names;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] == '.') continue;
    if (names.size() == most) {
      if (cut) *cut = true;
      break;
    }
    names.emplace_back(entry->d_name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> Tree::link(const std::string& path) const {
  std::string target(4096, '\0');
  const ssize_t size = ::readlink(at(path).c_str(), target.data(), target.size());
  if (size < 0) return std::nullopt;
  target.resize(static_cast<std::size_t>(size));
  return target;
}

bool Tree::has(const std::string& path) const { return ::access(at(path).c_str(), F_OK) == 0; }

}  // namespace machine

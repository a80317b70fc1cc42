// The browser may have been taken over by a page, and it may put links anywhere in here: everything is opened beneath
// the folder's descriptor, and no link is followed.
#include "porch.hpp"

#include <berth/beneath.hpp>
#include <berth/call.hpp>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace browser {

using berth::Error;
using berth::Fd;

namespace {

constexpr int deepest_left_over = 8;
constexpr int most_left_over = 100'000;

Error no_folder(int number) {
  return {503, "no_folder", std::string("there is no folder to share with the browser: ") + std::strerror(number)};
}

void remove_tree(int folder, const std::string& name, int depth, int& left) {
  if (::unlinkat(folder, name.c_str(), 0) == 0 || (errno != EISDIR && errno != EPERM) || depth > deepest_left_over)
    return;
  Fd inner(berth::open_beneath(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, false));
  DIR* all = inner ? ::fdopendir(inner.get()) : nullptr;
  if (all) {
    inner.release();
    while (const dirent* one = ::readdir(all)) {
      const std::string its = one->d_name;
      if (its != "." && its != ".." && --left > 0) remove_tree(::dirfd(all), its, depth + 1, left);
    }
    ::closedir(all);
  }
  ::unlinkat(folder, name.c_str(), AT_REMOVEDIR);
}

// Of hosts that have been killed: who lives holds its own.
void remove_left_over(int top) {
  Fd again(::openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  DIR* all = again ? ::fdopendir(again.get()) : nullptr;
  if (!all) return;
  again.release();
  std::vector<std::string> names;
  while (const dirent* one = ::readdir(all))
    if (std::string(one->d_name).starts_with("porch-")) names.emplace_back(one->d_name);
  ::closedir(all);
  for (const auto& name : names) {
    const Fd one(berth::open_beneath(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, false));
    if (one && ::flock(one.get(), LOCK_EX | LOCK_NB) != 0) continue;
    int left = most_left_over;
    remove_tree(top, name, 0, left);
  }
}

void copy_all(int from, int to) {
  std::string block(1u << 20, '\0');
  for (;;) {
    const auto got = ::read(from, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(502, "unreadable", std::string("the file cannot be read: ") + std::strerror(errno));
    if (got == 0) return;
    for (ssize_t done = 0; done < got;) {
      const auto put = ::write(to, block.data() + done, static_cast<std::size_t>(got - done));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) throw Error(507, "no_room", std::string("there is no room for a copy: ") + std::strerror(errno));
      done += put;
    }
  }
}

}  // namespace

Porch::~Porch() {
  int left = most_left_over;
  if (m_root) remove_tree(m_top.get(), m_name, 0, left);
}

int Porch::root() {
  if (m_root) return m_root.get();
  if (::mkdir(m_files.path().c_str(), 0700) != 0 && errno != EEXIST) throw no_folder(errno);
  m_top = Fd(::open(m_files.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!m_top) throw no_folder(errno);
  remove_left_over(m_top.get());
  for (int number = 1; number < 1000 && !m_root; ++number) {
    m_name = "porch-" + std::to_string(::getpid()) + "-" + std::to_string(number);
    if (::mkdirat(m_top.get(), m_name.c_str(), 0755) != 0) continue;
    m_root = Fd(berth::open_beneath(m_top.get(), m_name, O_RDONLY | O_DIRECTORY, false));
    if (m_root) ::flock(m_root.get(), LOCK_SH);
  }
  if (!m_root) throw no_folder(errno);
  return m_root.get();
}

std::string Porch::make(const std::string& beginning) {
  const int top = root();
  std::string name = beginning + std::to_string(++m_last);
  if (::mkdirat(top, name.c_str(), 0755) != 0) throw no_folder(errno);
  return name;
}

std::string Porch::path(const std::string& name) const { return m_files.path() + "/" + m_name + "/" + name; }

std::string Porch::put(const std::string& folder, std::size_t number, const std::string& name, int from) {
  const Fd in(berth::open_beneath(root(), folder, O_RDONLY | O_DIRECTORY, false));
  const std::string own = std::to_string(number);
  if (!in || ::mkdirat(in.get(), own.c_str(), 0755) != 0) throw no_folder(errno);
  const Fd file(berth::open_beneath(in.get(), own + "/" + name, O_WRONLY | O_CREAT | O_EXCL, false, 0644));
  if (!file) throw no_folder(errno);
  copy_all(from, file.get());
  return path(folder + "/" + own + "/" + name);
}

Fd Porch::take(const std::string& folder, const std::string& name) {
  Fd file(berth::open_beneath(root(), folder + "/" + name, O_RDONLY | O_NONBLOCK | O_NOCTTY, false));
  struct stat found = {};
  if (!file || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode))
    throw Error(502, "not_downloaded", "the browser has left no file");
  return file;
}

void Porch::remove(const std::string& folder, const std::string& name) {
  if (!m_root || folder.empty()) return;
  int left = most_left_over;
  if (name.empty()) return remove_tree(m_root.get(), folder, 0, left);
  const Fd in(berth::open_beneath(m_root.get(), folder, O_RDONLY | O_DIRECTORY, false));
  if (in) remove_tree(in.get(), name, 0, left);
}

}  // namespace browser

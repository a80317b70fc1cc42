// A lock on the folder says that its instance lives; the operating system lets go of it when a process is killed.
#include "place.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace kernel::wire {

namespace fs = std::filesystem;
using berth::Error;

namespace {

constexpr std::size_t longest_end = 6;  // "-5.in", and the zero behind it
constexpr int channels = 5;

Error no_place(const std::string& what) {
  return {503, "no_wire", "the wire has no place: " + what + ": " + std::strerror(errno)};
}

berth::Fd locked(const std::string& folder) {
  berth::Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) fd.close();
  return fd;
}

// One that is being made has no lock for a moment: it is not old enough.
bool is_old(const fs::path& folder) {
  struct stat facts {};
  return ::lstat(folder.c_str(), &facts) == 0 && facts.st_mtime + 60 < ::time(nullptr);
}

void sweep(const std::string& parent) {
  std::error_code failed;
  for (const auto& one : fs::directory_iterator(parent, failed)) {
    if (!is_old(one.path())) continue;
    if (const auto lock = locked(one.path().string())) fs::remove_all(one.path(), failed);
  }
}

}  // namespace

Place::Place(const std::string& parent) : m_folder(parent + "/XXXXXX") {
  if (::mkdir(parent.c_str(), 0700) != 0 && errno != EEXIST) throw no_place(parent);
  sweep(parent);
  if (!::mkdtemp(m_folder.data())) throw no_place(parent);
  m_lock = locked(m_folder);
  if (!m_lock) throw no_place(m_folder);
}

Place::~Place() {
  std::error_code ignored;
  fs::remove_all(m_folder, ignored);
}

std::string Place::base(const std::string& name) const {
  const std::string all = path(name);
  if (all.size() + longest_end > sizeof(sockaddr_un::sun_path))
    throw Error(503, "no_wire", "a socket cannot have a name as long as " + all + "-1",
                "start the host with a shorter --state, or allow transport tcp in berth.lua, and ask for it");
  return all;
}

void Place::write(const std::string& name, const berth::Json& connection) const {
  const std::string file = path(name), text = connection.dump(2) + "\n";
  berth::Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) throw no_place(file);
  if (::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return;
  const Error error = no_place(file);
  remove(name);
  throw error;
}

void Place::clear(const std::string& name) const {
  remove(name + ".json");
  for (int number = 1; number <= channels; ++number) {
    const std::string socket = name + "-" + std::to_string(number);
    remove(socket);
    remove(socket + ".in");
  }
}

void Place::remove(const std::string& name) const { ::unlink(path(name).c_str()); }

}  // namespace kernel::wire

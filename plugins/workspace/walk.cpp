// One descriptor a level, and the names of one folder at a time.
#include "walk.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "folder_names.hpp"

namespace workspace {

namespace {

constexpr unsigned most_open = 128;  // each level holds a descriptor

using Names = std::vector<std::pair<std::string, unsigned char>>;

unsigned char type_of(int folder, const dirent& one) {
  if (one.d_type != DT_UNKNOWN) return one.d_type;
  struct stat about {};
  if (::fstatat(folder, one.d_name, &about, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
  return static_cast<unsigned char>(IFTODT(about.st_mode));
}

Names names_in(int folder) {
  Names names;
  each_entry(folder, [&](const dirent& one) {
    names.emplace_back(one.d_name, type_of(folder, one));
    return true;
  });
  std::sort(names.begin(), names.end());
  return names;
}

class Walk {
 public:
  explicit Walk(const std::function<Step(const Entry&)>& visit) : m_visit(visit) {}

  Walked run(const berth::Fd& fd) {
    below(fd, 0);
    return m_walked;
  }

 private:
  void below(const berth::Fd& fd, unsigned level) {
    if (!fd || level == most_open) {
      const bool gone = !fd && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP);  // or something else since
      if (!gone) ++m_walked.unreadable;
      return;
    }
    const int at = fd.get();
    const std::size_t size = m_path.size();
    for (const auto& [name, type] : names_in(at)) {
      m_path.append(size == 0 ? "" : "/").append(name);
      const Step step = m_visit({m_path, name, at, type, m_walked.unreadable});
      if (step == Step::on && type == DT_DIR) below(open_folder_in(at, name), level + 1);
      m_path.resize(size);
      if (step == Step::stop) m_walked.whole = false;
      if (!m_walked.whole) return;
    }
  }

  const std::function<Step(const Entry&)>& m_visit;
  std::string m_path;
  Walked m_walked;
};

}  // namespace

berth::Fd open_folder_in(int folder, const std::string& name) {
  return berth::Fd(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

berth::Fd open_file_in(int folder, const std::string& name, struct stat& about) {
  berth::Fd fd(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (fd && (::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode))) return berth::Fd();
  return fd;
}

Walked walk(int folder, const std::function<Step(const Entry&)>& visit) {
  return Walk(visit).run(open_folder_in(folder, "."));
}

}  // namespace workspace

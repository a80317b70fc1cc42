// One descriptor a level, each opened from the one above without following links; so a folder that is moved away or
// swapped meanwhile is emptied where it is now, or not found, and nothing else is.
#include "remove.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "folder_names.hpp"
#include "new_file.hpp"
#include "walk.hpp"

namespace workspace {

using berth::Error;

namespace {

constexpr std::size_t most_levels = 200, most_removed = 1'000'000;
constexpr int most_tries = 16;  // of a folder that is filled again

class Remover {
 public:
  explicit Remover(const Place& shown) : m_shown(shown) {}

  void remove(int folder, const std::string& name, std::size_t level) {
    if (::unlinkat(folder, name.c_str(), 0) == 0) return count();
    if (errno == ENOENT) return;
    if (errno != EISDIR && errno != EPERM) throw failure(errno, m_shown);
    std::size_t before = m_removed;
    for (int tries = 0;; ++tries) {
      if (m_removed > before) tries = 0;
      before = m_removed;
      if (::unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0) return count();
      if (errno == ENOENT) return;
      if (errno == ENOTDIR && tries < most_tries) return remove(folder, name, level);  // swapped meanwhile
      if ((errno != ENOTEMPTY && errno != EEXIST) || tries == most_tries) throw failure(errno, m_shown);
      empty(folder, name, level);
    }
  }
  std::size_t removed() const { return m_removed; }

 private:
  void empty(int folder, const std::string& name, std::size_t level) {
    // Too deep for as many descriptors: it goes to the top, which is emptied once more.
    if (level >= most_levels && ::renameat(folder, name.c_str(), m_top, half_name().c_str()) == 0) return;
    if (level >= most_levels) throw failure(errno, m_shown);
    const berth::Fd inner = open_folder_in(folder, name);
    if (!inner) {
      if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return;
      throw failure(errno, m_shown);
    }
    if (level == 0) m_top = inner.get();
    std::vector<std::string> names;
    each_name(inner.get(), [&](std::string one) {
      names.push_back(std::move(one));
      return names.size() < most_removed;
    });
    for (const auto& one : names) remove(inner.get(), one, level + 1);
  }
  void count() {
    if (++m_removed > most_removed) {
      throw Error(413, "too_many", m_shown.shown() + " has more in it than one call removes", "call again to go on");
    }
  }

  const Place& m_shown;
  int m_top = -1;
  std::size_t m_removed = 0;
};

}  // namespace

std::size_t remove_all(int folder, const std::string& name, const Place& shown) {
  Remover remover(shown);
  remover.remove(folder, name, 0);
  return remover.removed();
}

}  // namespace workspace

// Patterns of names, as .gitignore and ripgrep have them: "*.cpp", "src/**/test_?.py", "{a,b}", "[0-9]", "!" before
// what is left out. They become regular expressions of RE2, so that no pattern takes long.
#pragma once

#include <string>
#include <vector>

namespace re2 {
class RE2;
}

namespace workspace {

class Globs {
 public:
  // Throws an Error (422) that names the pattern that is none.
  explicit Globs(const std::vector<std::string>& patterns);
  Globs(Globs&&) noexcept;
  Globs& operator=(Globs&&) noexcept;
  ~Globs();

  // A path below the folder that is searched. With no pattern but those with "!", all others match.
  bool match(const std::string& path) const;
  // A folder of which nothing can match, since it is left out as a whole.
  bool leaves_out(const std::string& path) const;

 private:
  struct One;
  static bool any(const std::vector<One>& of, const std::string& path);
  std::vector<One> m_wanted, m_unwanted;
};

}  // namespace workspace

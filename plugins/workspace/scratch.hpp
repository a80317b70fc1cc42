// A folder beside the one that is to be: filled out of sight, then given its name in one step, or gone with all that is
// in it.
#pragma once

#include <string>

#include <berth/fd.hpp>

namespace workspace {

class Scratch {
 public:
  // What a host that was killed left behind is swept away first.
  explicit Scratch(int beside);  // throws an Error; `beside` stays open as long as this is there
  ~Scratch();
  Scratch(const Scratch&) = delete;

  int fd() const { return m_fd.get(); }
  const std::string& name() const { return m_name; }
  // False, and errno: above all EEXIST, since nothing is replaced.
  bool becomes(const std::string& name);

 private:
  const int m_beside;
  std::string m_name;
  berth::Fd m_fd;
};

}  // namespace workspace

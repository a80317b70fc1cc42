// The folder in which one instance of the plugin has its sockets and connection files, for its user's eyes only.
#pragma once

#include <berth/call.hpp>
#include <berth/fd.hpp>

#include <string>

namespace kernel::wire {

class Place {
 public:
  // A new folder within `parent`. What instances that have died left there goes. Throws Error(503).
  explicit Place(const std::string& parent);
  ~Place();
  Place(const Place&) = delete;

  std::string path(const std::string& name) const { return m_folder + "/" + name; }
  // Throws Error(503) if a socket cannot have such a long name.
  std::string base(const std::string& name) const;
  // A connection file, mode 0600. Throws Error(503).
  void write(const std::string& name, const berth::Json& connection) const;
  void remove(const std::string& name) const;

 private:
  std::string m_folder;
  berth::Fd m_lock;  // held as long as this instance lives
};

}  // namespace kernel::wire

// The folder in which one instance of the plugin has its sockets and connection files, for its user's eyes only.
#pragma once

#include <berth/call.hpp>
#include <berth/fd.hpp>

#include <memory>
#include <string>
#include <utility>

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
  // All that a wire of that name may have left: its connection file, its sockets. ZeroMQ leaves its own behind.
  void clear(const std::string& name) const;

 private:
  void remove(const std::string& name) const;
  std::string m_folder;
  berth::Fd m_lock;  // held as long as this instance lives
};

// What a wire has in the folder goes with this.
class Clearing {
 public:
  Clearing(std::shared_ptr<const Place> place, std::string name) : m_place(std::move(place)), m_name(std::move(name)) {}
  ~Clearing() { m_place->clear(m_name); }
  Clearing(const Clearing&) = delete;

 private:
  const std::shared_ptr<const Place> m_place;
  const std::string m_name;
};

}  // namespace kernel::wire

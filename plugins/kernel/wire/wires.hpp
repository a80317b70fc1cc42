// All wires of the plugin: at most one that a kernel has for whoever asks, and bridges, each of which lives as long as
// the call that opened it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wire/place.hpp"
#include "wire/server.hpp"

namespace kernel::wire {

class Wires {
 public:
  static constexpr std::size_t most = 256, most_of_session = 16;

  struct Opened {
    std::unique_ptr<const Clearing> files;
    std::shared_ptr<Server> server;  // goes before its files
    berth::Json connection;          // as in a connection file
    std::string name, file;          // of the connection file; empty: there is none
  };

  // `folder` is where sockets may be; `transports` are those that may be asked for, the usual one first.
  Wires(std::string folder, std::vector<std::string> transports)
      : m_folder(std::move(folder)), m_transports(std::move(transports)) {}

  // All on the loop's thread. Throws Error. `transport` may be empty.
  const Opened& open(const CellTools& tools, const std::shared_ptr<Kernel>& kernel, const std::string& session,
                     const std::string& transport, Server::Owner owner);
  const Opened* find(const Kernel& kernel) const;
  bool close(const Kernel& kernel);
  // With a key of the caller's; the wire is the caller's as well.
  Opened bridge(const CellTools& tools, const std::shared_ptr<Kernel>& kernel, const std::string& session,
                const std::string& transport, const std::string& key, Server::Owner owner);
  void close_all();

 private:
  struct Living {  // all of them, bridges as well
    std::weak_ptr<Server> server;
    std::string session;
  };
  Opened make(const CellTools& tools, const std::shared_ptr<Kernel>& kernel, const std::string& session,
              const std::string& transport, const std::string& key, Server::Owner owner);
  const std::string& allowed(const std::string& transport) const;
  void check_room(const std::string& session);
  zmq::context_t& context();
  const std::shared_ptr<const Place>& place();

  const std::string m_folder;
  const std::vector<std::string> m_transports;
  std::shared_ptr<const Place> m_place;
  std::optional<zmq::context_t> m_context;
  std::map<const Kernel*, Opened> m_all;
  std::vector<Living> m_living;
  std::uint64_t m_last = 0;
};

}  // namespace kernel::wire

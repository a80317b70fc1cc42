// Joins each connection that comes to one place with one to another, byte for byte: so a wire that a host serves where
// it likes can be had where Jupyter looks for it.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <vector>

#include "command/connection_file.hpp"

namespace berth::command {

class Relay {
 public:
  ~Relay();  // all connections end

  // Before start(). Nothing is taken there yet, so clients wait.
  std::optional<service::Error> listen(const Place& at);
  // From now on, on a thread of its own: what comes to the place that was named first goes to the first of these, and
  // so on.
  void start(const std::vector<Place>& to);
  // Once all that it is joined with is about to end: nothing more is taken, and what the far ends still say before they
  // hang up is passed on. Returns when that is done, or when patience is over.
  void finish(std::chrono::milliseconds patience);
  // Takes the sockets' files away, for a program that ends at once. From any thread, once all are listened at.
  void clear() const;

 private:
  using Protocol = boost::asio::generic::stream_protocol;
  struct Door {
    boost::asio::basic_socket_acceptor<Protocol> acceptor;
    std::string file;  // of a Unix socket
    std::unique_ptr<boost::asio::steady_timer> rest;
  };
  void accept(Door& door, const Protocol::endpoint& to);
  void stop_taking();

  boost::asio::io_context m_io;
  std::vector<Door> m_doors;
  bool m_finishing = false;  // the thread's
  std::future<void> m_run;   // the thread
};

}  // namespace berth::command

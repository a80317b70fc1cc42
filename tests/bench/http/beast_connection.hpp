// One client of the bare Beast server: read a request, answer it, read the next.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "beast_routes.hpp"

namespace berth::bench {

class Courier;

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

struct Parcel {  // an answer and the request id it goes with
  Answer answer;
  std::string request_id;
  std::string stray = {};  // bytes to send behind the answer
};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void serve() = 0;
  virtual void deliver(Parcel parcel) = 0;
};

std::shared_ptr<Connection> make_connection(Socket socket, Courier& courier);

}  // namespace berth::bench

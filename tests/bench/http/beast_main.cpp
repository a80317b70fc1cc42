// A small HTTP server on bare Beast: the baseline that Berth is measured against, and the stand-in that shows that the
// clients of the benches work. One thread, loopback only.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

#include "beast_courier.hpp"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;
using berth::bench::Courier;
using berth::bench::Lie;
using berth::bench::Socket;

constexpr const char* usage =
    "usage: bench-beast [--port N] [--ready-fd FD] [--lie whole|body|lose|twice]\n"
    "  Serves the routes of the probe plugin on 127.0.0.1, without a token. With --lie, one answer in 1000 goes "
    "wrong.\n";

struct Options {
  unsigned short port = 0;
  int ready_fd = STDOUT_FILENO;
  Lie lie = Lie::none;
};

bool read_options(int count, char** words, Options& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i], value = words[i + 1];
    if (name == "--port") {
      options.port = static_cast<unsigned short>(std::atoi(value.c_str()));
    } else if (name == "--ready-fd") {
      options.ready_fd = std::atoi(value.c_str());
    } else if (const auto lie = berth::bench::parse_lie(value); name == "--lie" && lie) {
      options.lie = *lie;
    } else {
      return false;
    }
  }
  return count % 2 == 1;
}

void say_ready(int fd, const tcp::endpoint& at) {
  const std::string line = "{\"listen\":[\"" + at.address().to_string() + ":" + std::to_string(at.port()) +
                           "\"],\"pid\":" + std::to_string(::getpid()) + "}\n";
  if (::write(fd, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    std::cerr << "nobody hears --ready-fd\n";
}

void accept_next(Acceptor& acceptor, Courier& courier) {
  acceptor.async_accept([&](boost::system::error_code failed, Socket socket) {
    if (failed == asio::error::operation_aborted) return;
    if (!failed) {
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      make_connection(std::move(socket), courier)->serve();
    }
    accept_next(acceptor, courier);
  });
}

}  // namespace

int main(int count, char** words) {
  Options options;
  if (!read_options(count, words, options)) {
    std::cerr << usage;
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  asio::io_context io{1};
  Courier courier(options.lie);
  Acceptor acceptor(io.get_executor(), tcp::endpoint(asio::ip::address_v4::loopback(), options.port));
  acceptor.listen(4096);
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
  say_ready(options.ready_fd, acceptor.local_endpoint());
  accept_next(acceptor, courier);
  io.run();
  return 0;
}

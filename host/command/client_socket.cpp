// The client's WebSocket. Everything happens on the caller's thread but the reading of lines, which blocks.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket.hpp>
#include <cerrno>
#include <csignal>
#include <deque>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

#include "command/client_body.hpp"
#include "service/unique_fd.hpp"

namespace berth::command {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;
using service::Error;
using service::Result;

namespace {

constexpr std::chrono::seconds handshake_time{30}, close_time{5};

// Reads a descriptor on a thread of its own, a block each time it is asked, so that no more is read than can be sent.
class Input {
 public:
  using Handler = std::function<void(std::string)>;  // in the io_context; an empty text is the end

  Input(int fd, asio::io_context& io, Handler handler) : m_fd(fd), m_io(io), m_handler(std::move(handler)) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe can be made");
    m_hear = service::UniqueFd(ends[0]);
    m_ask = service::UniqueFd(ends[1]);
    m_thread = std::thread([this] { serve(); });
  }
  ~Input() {
    m_ask = service::UniqueFd();
    m_thread.join();
  }
  Input(const Input&) = delete;

  void ask() {
    if (::write(m_ask.get(), "?", 1) != 1) throw std::runtime_error("the reader of the input is gone");
  }

 private:
  void serve() {
    char asked;
    while (::read(m_hear.get(), &asked, 1) == 1) {
      pollfd both[2] = {{m_fd, POLLIN, 0}, {m_hear.get(), POLLIN, 0}};
      while (::poll(both, 2, -1) < 0 && errno == EINTR) {
      }
      if (both[1].revents != 0) return;
      std::string block(16u << 10, '\0');
      const auto got = ::read(m_fd, block.data(), block.size());
      block.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
      asio::post(m_io, [handler = m_handler, block = std::move(block)] { handler(block); });  // may outlive us
      if (got <= 0) return;
    }
  }

  const int m_fd;
  asio::io_context& m_io;
  const Handler m_handler;
  service::UniqueFd m_hear, m_ask;
  std::thread m_thread;
};

class Talk {
 public:
  Talk(Client::Body& body, const Client::Conversation& what)
      : m_body(body), m_what(what), m_socket(*body.stream), m_quiet(body.io) {}

  Result<Client::Closed> run() {
    m_socket.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      const auto& token = m_body.target.token;
      if (!token.empty()) request.set(beast::http::field::authorization, "Bearer " + token);
    }));
    m_socket.read_message_max(0);
    websocket::response_type answer;
    const std::string prefix = m_body.url->is_unix ? "" : m_body.url->path;
    const auto failed = m_body.wait(handshake_time, [&](auto handler) {
      m_socket.async_handshake(answer, m_body.url->authority(), prefix + m_what.path, std::move(handler));
    });
    if (failed == websocket::error::upgrade_declined)
      return Client::Closed{{static_cast<int>(answer.result_int()), {}, answer.body()}, 0, {}};
    if (failed) return m_body.unheard(failed);
    talk();
    if (m_lost) return Error{0, "cut_off", "the host went away in the middle of the conversation"};
    const auto& reason = m_socket.reason();
    return Client::Closed{{101, {}, {}}, reason.code, std::string(reason.reason.data(), reason.reason.size())};
  }

 private:
  void talk() {
    asio::signal_set signals(m_body.io, SIGINT);
    signals.async_wait([this](error_code failed, int) {
      if (!failed) close();
    });
    Input input(m_what.input, m_body.io, [this](const std::string& block) { take(block); });
    m_input = &input;
    input.ask();
    read_on();
    m_body.io.restart();
    while (!m_ended && m_body.io.run_one() > 0) {
    }
    m_input = nullptr;
    signals.cancel();
    m_quiet.cancel();
  }

  void read_on() {
    m_socket.async_read(m_buffer, [this](error_code failed, std::size_t) {
      if (failed) return end(failed);
      m_what.show(beast::buffers_to_string(m_buffer.data()));
      m_buffer.consume(m_buffer.size());
      if (m_input_ended) wait_for_quiet();
      read_on();
    });
  }

  // A block of input: the lines that it completes are sent, then the next is asked for.
  void take(const std::string& block) {
    if (m_closing || m_ended) return;
    m_input_ended = block.empty();
    m_rest += block;
    std::size_t begin = 0;
    for (auto end = m_rest.find('\n'); end != std::string::npos; end = m_rest.find('\n', begin)) {
      m_lines.push_back(m_rest.substr(begin, end - begin));
      begin = end + 1;
    }
    m_rest.erase(0, begin);
    if (m_input_ended && !m_rest.empty()) m_lines.push_back(std::move(m_rest));
    write_on();
  }

  void write_on() {
    if (m_closing || m_ended) return;
    if (m_lines.empty()) {
      if (m_input_ended) return wait_for_quiet();
      return m_input->ask();
    }
    m_socket.text(true);
    m_socket.async_write(asio::buffer(m_lines.front()), [this](error_code failed, std::size_t) {
      if (failed) return;  // the reader hears of it, too
      m_lines.pop_front();
      write_on();
    });
  }

  void wait_for_quiet() {
    if (m_closing || m_ended) return;
    m_quiet.expires_after(m_what.quiet);
    m_quiet.async_wait([this](error_code failed) {
      if (!failed) close();
    });
  }

  // The host may owe its side of the close; it is not waited for longer than a moment.
  void close() {
    if (m_closing || m_ended) return;
    m_closing = true;
    m_socket.async_close(websocket::close_code::normal, [this](error_code) { m_ended = true; });
    m_quiet.expires_after(close_time);
    m_quiet.async_wait([this](error_code failed) {
      if (!failed) m_ended = true;
    });
  }

  void end(error_code failed) {
    if (m_closing) return;
    m_lost = failed != websocket::error::closed;
    m_ended = true;
  }

  Client::Body& m_body;
  const Client::Conversation& m_what;
  websocket::stream<edge::WireStream&> m_socket;
  beast::flat_buffer m_buffer;
  asio::steady_timer m_quiet;
  Input* m_input = nullptr;
  std::deque<std::string> m_lines;
  std::string m_rest;
  bool m_input_ended = false, m_closing = false, m_ended = false, m_lost = false;
};

}  // namespace

Result<Client::Closed> Client::converse(const Conversation& conversation) {
  if (auto error = m_body->connect()) return *error;
  Talk talk(*m_body, conversation);
  auto result = talk.run();
  // What is still under way ends with the connection, before what it works with.
  m_body->close();
  m_body->io.restart();
  m_body->io.run();
  return result;
}

}  // namespace berth::command

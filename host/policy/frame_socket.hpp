// The host's end of the socket to its policies: frames out at once where it takes them, in as they come. I/O thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/event_loop.hpp"
#include "service/unique_fd.hpp"

namespace berth::policy {

class FrameSocket : public std::enable_shared_from_this<FrameSocket> {
 public:
  static std::pair<service::UniqueFd, service::UniqueFd> pair();

  FrameSocket(service::EventLoop& loop, service::UniqueFd socket);
  // `closed`: once, if the other end is gone or speaks nonsense; not after close().
  void open(std::function<void(std::string_view)> frame, std::function<void()> closed);
  void send(std::string_view frame);
  void close();

 private:
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
  void wait_to_read();
  void on_readable();
  bool take_frames();
  void wait_to_write();
  void push_more();
  void broken();

  Descriptor m_socket;
  std::function<void(std::string_view)> m_frame;
  std::function<void()> m_closed;
  std::vector<char> m_room;
  std::string m_input, m_unsent;
  std::size_t m_sent = 0;  // of m_unsent
  bool m_writing = false;
  bool m_open = false;
};

}  // namespace berth::policy

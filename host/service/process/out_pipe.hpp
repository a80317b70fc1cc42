// What a process writes, read piece by piece: never a piece before the last one was taken, so that a reader that is
// slow stops the process by a full pipe and holds no memory. Everything on the I/O thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "service/event_loop.hpp"
#include "service/unique_fd.hpp"

namespace berth::service {

using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

class OutPipe : public std::enable_shared_from_this<OutPipe> {
 public:
  struct Ears {
    std::function<bool(std::string_view)> piece;  // false: no more until resume()
    std::function<void()> over;                   // once
  };
  OutPipe(EventLoop& loop, UniqueFd fd, Ears ears);
  void listen();
  void resume();
  void finish();  // nobody writes any more: what is there now is all, even if somebody holds the other end
  void close();   // hears nothing any more

 private:
  void on_ready();
  void go_on();
  void end();

  Descriptor m_fd;
  Ears m_ears;
  bool m_listening = false;
  bool m_full = false;
  bool m_last = false;
  bool m_over = false;
  std::int64_t m_left = 0;  // once nobody writes any more: how much there was then
};

}  // namespace berth::service

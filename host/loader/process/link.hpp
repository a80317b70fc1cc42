// A Unix socket that carries frames and descriptors both ways. Reads on the I/O thread; writes from any thread, at once
// if the socket takes it, otherwise later and in order.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "loader/process/frame.hpp"
#include "service/event_loop.hpp"
#include "service/loop_lookout.hpp"

namespace berth::loader {

class Link : public std::enable_shared_from_this<Link> {
 public:
  using OnFrame = std::function<void(Frame)>;
  using OnClosed = std::function<void()>;

  // A pair of connected sockets, roomy enough for large frames.
  static std::pair<service::UniqueFd, service::UniqueFd> pair();

  Link(service::EventLoop& loop, service::UniqueFd socket);
  // I/O thread. `on_closed` is called once, when the other side is gone or has broken the rules; not after close().
  void open(OnFrame on_frame, OnClosed on_closed);
  void close();                                  // I/O thread
  bool broke_rules() const { return m_forged; }  // the other side, which is why it is closed; I/O thread

  bool send(Frame frame);  // any thread; false: it is closed, or the frame is too large
  // Bytes that wait for the socket; a descriptor that does counts as many as are here.
  std::size_t unsent() const;
  static constexpr std::size_t descriptor_weight = 64u << 10;

 private:
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
  using Clock = std::chrono::steady_clock;
  enum class Stage { head, fields, data };
  struct Outgoing {
    std::string start;  // head and fields
    std::string data;
    std::string_view lent;  // in place of data
    service::UniqueFd fd;
    std::size_t sent = 0;
    std::string_view body() const { return lent.empty() ? std::string_view(data) : lent; }
    std::size_t size() const { return start.size() + body().size(); }
    std::size_t unsent() const { return size() - sent + (fd ? descriptor_weight : 0); }
    void keep() {
      if (!lent.empty()) data = std::string(lent);
      lent = {};
    }
  };

  void wait_to_read();
  void on_readable();
  std::ptrdiff_t receive(char* direct, std::size_t room);
  void keep_descriptors(const void* message);
  bool fill(bool& drained);
  bool feed(Clock::time_point until);
  std::pair<char*, std::size_t> part();  // of the frame at hand, and how long it is
  bool advance();
  bool deliver();
  void forged();
  void broken();

  enum class Pushed { whole, part, failed };
  Pushed push(Outgoing& out);
  void give_up();
  void wait_to_write();

  service::EventLoop& m_loop;
  Descriptor m_socket;
  OnFrame m_on_frame;
  OnClosed m_on_closed;

  // I/O thread only
  std::vector<char> m_room;
  std::size_t m_next = 0, m_end = 0;  // what is there and was not looked at
  Frame m_frame;
  FrameHead m_head;
  Stage m_stage = Stage::head;
  std::size_t m_have = 0;  // of the part at hand
  std::deque<service::UniqueFd> m_descriptors;
  bool m_lost_descriptors = false;  // there was no room for them in this process
  bool m_forged = false;            // what came is none of ours
  service::LoopLookout m_lookout;

  mutable std::mutex m_mutex;  // guards what follows
  std::deque<Outgoing> m_waiting;
  std::size_t m_unsent = 0;
  bool m_writing = false;  // somebody waits for room in the socket
  bool m_closed = false;
};

}  // namespace berth::loader

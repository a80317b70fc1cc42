// The I/O thread's event loop: Boost.Asio behind service::Loop.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <thread>
#include <utility>

#include "service/loop.hpp"

namespace berth::service {

class EventLoop : public Loop {
 public:
  boost::asio::io_context& context() { return m_context; }
  // Runs on the calling thread, which is the I/O thread from then on.
  void run() {
    m_thread = std::this_thread::get_id();
    m_context.run();
  }
  void adopt() { m_thread = std::this_thread::get_id(); }  // set-up before run() counts as the I/O thread too

  void post(std::function<void()> job) override { boost::asio::post(m_context, std::move(job)); }
  bool here() const override { return std::this_thread::get_id() == m_thread; }

 private:
  boost::asio::io_context m_context{1};
  std::atomic<std::thread::id> m_thread{};
};

}  // namespace berth::service

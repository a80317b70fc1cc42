// A lookout of the I/O thread: its loop goes round, with whatever else there is to do, instead of sleeping.
#pragma once

#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "service/event_loop.hpp"
#include "service/lookout.hpp"

namespace berth::service {

class LoopLookout {
 public:
  LoopLookout(EventLoop& loop, std::chrono::microseconds moment)
      : m_loop(loop), m_body(std::make_shared<Body>(moment)) {}
  LoopLookout(const LoopLookout&) = delete;

  // I/O thread, all of these.

  // Something is awaited from here on, until it came.
  void begin() {
    m_body->lookout.begin();
    m_body->waits = true;
    if (!m_body->goes && m_body->lookout.lasts()) go_round(m_loop, m_body);
  }
  void came() {
    if (std::exchange(m_body->waits, false)) m_body->lookout.came();
  }
  void end() { m_body->waits = false; }

 private:
  struct Body {
    explicit Body(std::chrono::microseconds moment) : lookout(moment) {}
    Lookout lookout;
    bool waits = false, goes = false;
  };
  static void go_round(EventLoop& loop, const std::shared_ptr<Body>& body) {
    body->lookout.resume();
    body->goes = body->waits && body->lookout.lasts();
    if (!body->goes) return;
    body->lookout.pause();
    boost::asio::post(loop.context(), [&loop, body] { go_round(loop, body); });
  }

  EventLoop& m_loop;
  const std::shared_ptr<Body> m_body;
};

}  // namespace berth::service

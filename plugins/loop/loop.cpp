// Asio does the waiting. An exception here would end the host, so there is none that is expected: what is thrown in a
// callback was caught by it.
#include "loop.hpp"

#include <boost/asio/post.hpp>
#include <exception>
#include <future>
#include <vector>

namespace loop {

namespace {

struct Finally {  // also if something is thrown: somebody waits
  Loop::Then then;
  ~Finally() { then(); }
};

}  // namespace

Loop::Loop(std::function<void(const char*)> trouble)
    : m_trouble(std::move(trouble)), m_work(boost::asio::make_work_guard(m_context)), m_thread([this] { run(); }) {}

void Loop::run() {
  for (;;) {
    try {
      m_context.run();
      return;
    } catch (const std::exception& error) {
      m_trouble(error.what());
    }
  }
}

Loop::~Loop() {
  m_work.reset();
  m_context.stop();
  if (m_thread.joinable()) m_thread.join();
}

void Loop::post(Then then) { boost::asio::post(m_context, std::move(then)); }

void Loop::let_go() {
  std::vector<std::shared_ptr<Then>> kept;
  for (Timer* one : m_timers) kept.push_back(std::move(one->m_then));
}

void Loop::wait_for(Then then) {
  const auto done = std::make_shared<std::promise<void>>();
  auto told = done->get_future();
  post([done, then = std::move(then)] {
    const Finally tell{[&done] { done->set_value(); }};
    then();
  });
  told.wait();
}

void Loop::end() {
  wait_for([this] {
    const Finally stopped{[this] { m_context.stop(); }};
    let_go();
  });
  m_thread.join();
}

void Timer::set(std::chrono::milliseconds after, Loop::Then then) {
  m_then = std::make_shared<Loop::Then>(std::move(then));
  m_timer.expires_after(after);
  m_timer.async_wait([weak = std::weak_ptr(m_then)](const boost::system::error_code& failed) {
    const auto mine = weak.lock();
    if (mine && !failed) (*mine)();
  });
}

void Timer::cancel() {
  m_then.reset();
  m_timer.cancel();
}

Watched::Watched(Loop& loop, berth::Fd fd, Loop::Then readable)
    : m_fd(std::move(fd)),
      m_stream(loop.context(), m_fd.get()),
      m_readable(std::make_shared<Loop::Then>(std::move(readable))) {}

Watched::~Watched() {
  m_stream.cancel();
  m_stream.release();  // the descriptor is ours to close
}

void Watched::want() {
  if (m_waiting || !m_readable) return;
  m_waiting = true;
  m_stream.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this, weak = std::weak_ptr(m_readable)](const boost::system::error_code& failed) {
                        const auto mine = weak.lock();
                        if (!mine) return;
                        m_waiting = false;
                        if (!failed) (*mine)();
                      });
}

void Watched::stop() {
  m_readable.reset();
  m_stream.cancel();
}

void Watched::want_room(Loop::Then then) {
  m_stream.async_wait(
      boost::asio::posix::stream_descriptor::wait_write,
      [weak = std::weak_ptr(m_readable), then = std::move(then)](const boost::system::error_code& failed) {
        if (weak.lock() && !failed) then();
      });
}

}  // namespace loop

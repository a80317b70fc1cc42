// Written whenever the pipe has room.
#include "service/process/in_pipe.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace berth::service {

using boost::system::error_code;

InPipe::InPipe(EventLoop& loop, UniqueFd fd, std::function<void(std::size_t)> took)
    : m_fd(loop.context(), fd.release()), m_took(std::move(took)) {
  m_fd.non_blocking(true);
}

void InPipe::write(std::string piece) {
  if (!m_fd.is_open() || m_last) return m_took(piece.size());
  m_waiting.push_back(std::move(piece));
  if (!m_busy) push();
}

void InPipe::push() {
  while (!m_waiting.empty()) {
    const std::string& first = m_waiting.front();
    const ssize_t put = ::write(m_fd.native_handle(), first.data() + m_done, first.size() - m_done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) return wait();
    if (put < 0) return close();  // nobody reads any more
    m_done += static_cast<std::size_t>(put);
    if (m_done < first.size()) continue;
    const std::size_t size = first.size();
    m_waiting.pop_front();
    m_done = 0;
    m_took(size);
  }
  if (m_last) close();
}

void InPipe::wait() {
  m_busy = true;
  m_fd.async_wait(Descriptor::wait_write, [weak = weak_from_this()](const error_code& failed) {
    const auto self = weak.lock();
    if (!self) return;
    self->m_busy = false;
    if (!failed) self->push();
  });
}

void InPipe::finish() {
  m_last = true;
  if (m_fd.is_open() && m_waiting.empty()) close();
}

void InPipe::close() {
  error_code ignored;
  m_fd.close(ignored);
  std::size_t lost = 0;
  for (const std::string& piece : std::exchange(m_waiting, {})) lost += piece.size();
  m_done = 0;
  if (lost > 0) m_took(lost);
}

}  // namespace berth::service

// One reading at a time, each as large as a pipe.
#include "service/process/out_pipe.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace berth::service {

using boost::system::error_code;

namespace {

// A pipe says how much there is. A terminal counts the next 4 KiB, and has more behind; whoever is told nothing more
// has read it all, and this is more than one holds.
constexpr std::int64_t most_in_terminal = 256 << 10;

std::int64_t left_in(int fd) {
  int there = 0;
  if (::isatty(fd) == 1) return most_in_terminal;
  return ::ioctl(fd, FIONREAD, &there) == 0 ? there : 0;
}

}  // namespace

OutPipe::OutPipe(EventLoop& loop, UniqueFd fd, Ears ears)
    : m_fd(loop.context(), fd.release()), m_ears(std::move(ears)) {
  m_fd.non_blocking(true);
}

void OutPipe::listen() {
  if (m_listening || m_full || m_over) return;
  m_listening = true;
  m_fd.async_wait(Descriptor::wait_read, [weak = weak_from_this()](const error_code&) {
    const auto self = weak.lock();
    if (!self) return;
    self->m_listening = false;
    self->on_ready();
  });
}

void OutPipe::on_ready() {
  if (m_over) return;
  char room[64u << 10];
  const ssize_t got = ::read(m_fd.native_handle(), room, sizeof room);
  if (got > 0) {
    m_full = !m_ears.piece({room, static_cast<std::size_t>(got)});
    m_left -= got;
    if (m_last && m_left <= 0) return end();
    return go_on();
  }
  const bool later = got < 0 && (errno == EAGAIN || errno == EINTR);
  if (later && !m_last) return listen();
  end();  // a terminal says EIO once nobody is on its other side
}

void OutPipe::resume() {
  if (std::exchange(m_full, false)) go_on();
}

// Whoever else holds the other end may go on writing; that is not waited for.
void OutPipe::finish() {
  if (m_over || std::exchange(m_last, true)) return;
  m_left = left_in(m_fd.native_handle());
  go_on();
}

void OutPipe::go_on() {
  listen();
  error_code ignored;
  if (m_last && m_listening) m_fd.cancel(ignored);  // looks at once
}

void OutPipe::end() {
  if (std::exchange(m_over, true)) return;
  error_code ignored;
  m_fd.close(ignored);
  if (const auto over = std::exchange(m_ears.over, nullptr)) over();
}

void OutPipe::close() {
  m_over = true;
  m_ears = {};
  error_code ignored;
  m_fd.close(ignored);
}

}  // namespace berth::service

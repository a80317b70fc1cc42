// A stream, since a question may hold more than a datagram.
#include "policy/frame_socket.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "policy/wire.hpp"

namespace berth::policy {

using boost::system::error_code;
using service::UniqueFd;

namespace {

constexpr std::size_t room_size = 64u << 10;
constexpr int send_room = 1 << 20;  // of each way; the system may give less

// How many bytes left; -1: it is broken.
std::ptrdiff_t push(int socket, iovec* parts, std::size_t count) {
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = count;
  ssize_t sent = 0;
  do sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return 0;
  return sent;
}

}  // namespace

std::pair<UniqueFd, UniqueFd> FrameSocket::pair() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return {};
  for (const int end : ends) ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &send_room, sizeof send_room);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

FrameSocket::FrameSocket(service::EventLoop& loop, UniqueFd socket)
    : m_socket(loop.context(), socket.release()), m_room(room_size) {}

void FrameSocket::open(std::function<void(std::string_view)> frame, std::function<void()> closed) {
  m_frame = std::move(frame);
  m_closed = std::move(closed);
  m_open = true;
  wait_to_read();
}

void FrameSocket::close() {
  m_open = false;
  error_code ignored;
  m_socket.close(ignored);
}

void FrameSocket::send(std::string_view frame) {
  if (!m_open) return;
  auto size = static_cast<std::uint32_t>(frame.size());
  std::size_t sent = 0;
  if (m_unsent.empty()) {
    iovec parts[2] = {{&size, sizeof size}, {const_cast<char*>(frame.data()), frame.size()}};
    const auto pushed = push(m_socket.native_handle(), parts, 2);
    if (pushed < 0) return;  // reading finds its end
    sent = static_cast<std::size_t>(pushed);
    if (sent == sizeof size + frame.size()) return;
  }
  std::string whole(reinterpret_cast<const char*>(&size), sizeof size);
  whole.append(frame);
  m_unsent.append(whole, sent);
  wait_to_write();
}

void FrameSocket::wait_to_write() {
  if (std::exchange(m_writing, true)) return;
  m_socket.async_wait(Descriptor::wait_write, [self = shared_from_this()](const error_code& failed) {
    self->m_writing = false;
    if (failed || !self->m_open) return;
    self->push_more();
    if (!self->m_unsent.empty()) self->wait_to_write();
  });
}

// What is sent is cut off when it is more than what is left, so that no byte is moved for each piece.
void FrameSocket::push_more() {
  iovec part{m_unsent.data() + m_sent, m_unsent.size() - m_sent};
  const auto pushed = push(m_socket.native_handle(), &part, 1);
  m_sent = pushed < 0 ? m_unsent.size() : m_sent + static_cast<std::size_t>(pushed);
  if (2 * m_sent < m_unsent.size()) return;
  m_unsent.erase(0, std::exchange(m_sent, 0));
}

void FrameSocket::wait_to_read() {
  m_socket.async_wait(Descriptor::wait_read, [self = shared_from_this()](const error_code& failed) {
    if (!failed && self->m_open) self->on_readable();
  });
}

void FrameSocket::on_readable() {
  const ssize_t got = ::recv(m_socket.native_handle(), m_room.data(), m_room.size(), MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)) return broken();
  if (got > 0) m_input.append(m_room.data(), static_cast<std::size_t>(got));
  if (!take_frames()) return m_open ? broken() : void();
  wait_to_read();
}

bool FrameSocket::take_frames() {
  std::size_t at = 0;
  std::uint32_t size = 0;
  while (m_input.size() - at >= sizeof size) {
    std::memcpy(&size, m_input.data() + at, sizeof size);
    if (size > most_frame) return false;
    if (m_input.size() - at - sizeof size < size) break;
    const std::string_view frame = std::string_view(m_input).substr(at + sizeof size, size);
    at += sizeof size + size;
    m_frame(frame);
    if (!m_open) return false;
  }
  m_input.erase(0, at);
  return true;
}

void FrameSocket::broken() {
  const auto self = shared_from_this();
  close();
  if (const auto closed = std::exchange(m_closed, nullptr)) closed();
}

}  // namespace berth::policy

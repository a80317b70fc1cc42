// Frames through a socket. Small frames are read many at once into a room; a large piece of data is read where it will
// stay.
#include "loader/process/link.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace berth::loader {

using boost::system::error_code;
using service::UniqueFd;

namespace {

constexpr std::size_t room_size = 64u << 10;
constexpr int socket_room = 4 << 20;
constexpr std::chrono::microseconds longest_turn{50}, lookout_time{250};
constexpr std::size_t most_descriptors = 64;

void widen(int socket) {
  for (const auto& [force, plain] : {std::pair(SO_SNDBUFFORCE, SO_SNDBUF), std::pair(SO_RCVBUFFORCE, SO_RCVBUF)}) {
    if (::setsockopt(socket, SOL_SOCKET, force, &socket_room, sizeof socket_room) != 0)
      ::setsockopt(socket, SOL_SOCKET, plain, &socket_room, sizeof socket_room);
  }
}

}  // namespace

std::pair<UniqueFd, UniqueFd> Link::pair() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return {};
  for (const int end : ends) widen(end);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Link::Link(service::EventLoop& loop, UniqueFd socket)
    : m_loop(loop), m_socket(loop.context(), socket.release()), m_room(room_size), m_lookout(loop, lookout_time) {}

void Link::open(OnFrame on_frame, OnClosed on_closed) {
  m_on_frame = std::move(on_frame);
  m_on_closed = std::move(on_closed);
  wait_to_read();
}

void Link::close() {
  const auto self = shared_from_this();
  m_lookout.end();
  std::deque<Outgoing> given_up;
  {
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_closed, true)) return;
    given_up.swap(m_waiting);
    m_unsent = 0;
    error_code ignored;
    m_socket.close(ignored);
  }
  // One of them may be running.
  m_loop.post([frame = std::exchange(m_on_frame, nullptr), closed = std::exchange(m_on_closed, nullptr)] {});
}

std::size_t Link::unsent() const {
  const std::lock_guard lock(m_mutex);
  return m_unsent;
}

// ---- writing

bool Link::send(Frame frame) {
  const FrameHead head = head_of(frame);
  Outgoing out;
  out.start.reserve(sizeof head + frame.fields.size());
  out.start.append(reinterpret_cast<const char*>(&head), sizeof head);
  out.start.append(frame.fields);
  out.data = std::move(frame.data);
  out.lent = frame.lent;
  out.fd = std::move(frame.fd);
  if (frame.fields.size() > most_fields || out.body().size() > most_data) return false;
  const std::lock_guard lock(m_mutex);
  if (m_closed) return false;
  if (m_waiting.empty()) {
    const Pushed pushed = push(out);
    if (pushed == Pushed::whole && m_loop.here()) m_lookout.begin();  // another word may follow
    if (pushed == Pushed::whole) return true;
    if (pushed == Pushed::failed && out.sent > 0) give_up();
    if (pushed == Pushed::failed) return false;
  }
  m_unsent += out.unsent();
  out.keep();
  m_waiting.push_back(std::move(out));
  if (!std::exchange(m_writing, true)) m_loop.post([self = shared_from_this()] { self->wait_to_write(); });
  return true;
}

// Half a frame cannot be taken back: what follows it would be read as its rest. Reading finds the end of the link.
void Link::give_up() { ::shutdown(m_socket.native_handle(), SHUT_RDWR); }

// As much as the socket takes now.
Link::Pushed Link::push(Outgoing& out) {
  while (out.sent < out.size()) {
    const std::size_t of_data = out.sent > out.start.size() ? out.sent - out.start.size() : 0;
    const std::size_t of_start = out.sent - of_data;
    iovec parts[2] = {{out.start.data() + of_start, out.start.size() - of_start},
                      {const_cast<char*>(out.body().data()) + of_data, out.body().size() - of_data}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    if (out.fd) {
      const int fd = out.fd.get();
      message.msg_control = control;
      message.msg_controllen = sizeof control;
      cmsghdr* about = CMSG_FIRSTHDR(&message);
      about->cmsg_level = SOL_SOCKET;
      about->cmsg_type = SCM_RIGHTS;
      about->cmsg_len = CMSG_LEN(sizeof fd);
      std::memcpy(CMSG_DATA(about), &fd, sizeof fd);
    }
    const ssize_t sent = ::sendmsg(m_socket.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Pushed::part : Pushed::failed;
    out.fd = UniqueFd();
    out.sent += static_cast<std::size_t>(sent);
  }
  return Pushed::whole;
}

void Link::wait_to_write() {
  const std::lock_guard lock(m_mutex);
  while (!m_closed && !m_waiting.empty()) {
    Outgoing& first = m_waiting.front();
    const std::size_t before = first.unsent();
    const Pushed pushed = push(first);
    m_unsent -= before - first.unsent();
    if (pushed == Pushed::part) break;
    if (pushed == Pushed::failed) {
      give_up();
      m_unsent = 0;
      m_waiting.clear();
      break;
    }
    m_waiting.pop_front();
  }
  m_writing = !m_closed && !m_waiting.empty();
  if (!m_writing) return;
  m_socket.async_wait(Descriptor::wait_write, [self = shared_from_this()](const error_code& failed) {
    if (!failed) self->wait_to_write();
  });
}

// ---- reading

void Link::wait_to_read() {
  m_socket.async_wait(Descriptor::wait_read, [self = shared_from_this()](const error_code& failed) {
    if (!failed) self->on_readable();
  });
}

// Until the socket is empty, or others are to have their turn: whoever sends without end takes no more of this thread.
void Link::on_readable() {
  const auto until = Clock::now() + longest_turn;
  for (bool drained = false; !drained;) {
    if (m_next == m_end && !fill(drained)) return;
    if (!feed(until)) return m_on_frame ? forged() : void();
    if (m_next < m_end)
      return m_loop.post([self = shared_from_this()] {
        if (self->m_on_frame) self->on_readable();
      });
    if (Clock::now() >= until) break;
  }
  wait_to_read();
}

// False: this is closed now. `drained`: the socket has no more.
bool Link::fill(bool& drained) {
  const auto [at, size] = part();
  const std::size_t wanted = m_stage == Stage::head ? 0 : size - m_have;
  const std::ptrdiff_t got = receive(at + m_have, wanted);
  if (!m_on_frame) return false;
  if (got == 0) return broken(), false;
  if (m_descriptors.size() > most_descriptors) return forged(), false;
  if (got < 0) {
    drained = errno == EAGAIN || errno == EWOULDBLOCK;
    if (!drained && errno != EINTR) return broken(), false;
    return true;
  }
  const std::size_t direct = std::min(static_cast<std::size_t>(got), wanted);
  m_have += direct;
  m_next = 0;
  m_end = static_cast<std::size_t>(got) - direct;
  drained = static_cast<std::size_t>(got) < wanted + room_size;
  if (advance()) return true;
  if (m_on_frame) forged();
  return false;
}

// Into the place where it will stay, and what comes behind into the room.
std::ptrdiff_t Link::receive(char* direct, std::size_t room) {
  iovec parts[2] = {{direct, room}, {m_room.data(), m_room.size()}};
  alignas(cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))];
  msghdr message{};
  message.msg_iov = room > 0 ? parts : parts + 1;
  message.msg_iovlen = room > 0 ? 2 : 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t got = ::recvmsg(m_socket.native_handle(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got >= 0) keep_descriptors(&message);
  if (got >= 0 && (message.msg_flags & MSG_CTRUNC) != 0) m_lost_descriptors = true;
  return got;
}

void Link::keep_descriptors(const void* received) {
  auto* message = static_cast<msghdr*>(const_cast<void*>(received));
  for (cmsghdr* about = CMSG_FIRSTHDR(message); about; about = CMSG_NXTHDR(message, about)) {
    if (about->cmsg_level != SOL_SOCKET || about->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (about->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(about) + i * sizeof fd, sizeof fd);
      m_descriptors.emplace_back(fd);
    }
  }
}

// What the room holds, as far as the turn goes.
bool Link::feed(Clock::time_point until) {
  while (m_next < m_end) {
    const auto [at, whole] = part();
    const std::size_t count = std::min(m_end - m_next, whole - m_have);
    std::memcpy(at + m_have, m_room.data() + m_next, count);
    m_have += count;
    m_next += count;
    if (!advance()) return false;
    if (m_next < m_end && Clock::now() >= until) return true;
  }
  return true;
}

std::pair<char*, std::size_t> Link::part() {
  switch (m_stage) {
    case Stage::head: return {reinterpret_cast<char*>(&m_head), sizeof m_head};
    case Stage::fields: return {m_frame.fields.data(), m_frame.fields.size()};
    case Stage::data: break;
  }
  return {m_frame.data.data(), m_frame.data.size()};
}

// On to the next part once one is whole. False: the other side breaks the rules, or this was closed meanwhile.
bool Link::advance() {
  while (m_have == part().second) {
    const std::size_t whole = m_head.data, so_far = m_frame.data.size();
    if (m_stage == Stage::data && so_far < whole) {
      m_frame.data.resize(std::min(whole, 2 * so_far));
      return true;
    }
    m_have = 0;
    if (m_stage == Stage::head) {
      if (!take_head(m_head, m_frame)) return false;
      m_stage = Stage::fields;
    } else if (m_stage == Stage::fields) {
      m_stage = Stage::data;
    } else {
      m_stage = Stage::head;
      return deliver();
    }
  }
  return true;
}

bool Link::deliver() {
  if (m_head.has_fd) {
    // This process had no room for it: then the frame has none, and only its call fails.
    if (m_descriptors.empty() && !std::exchange(m_lost_descriptors, false)) return false;
    if (!m_descriptors.empty()) {
      m_frame.fd = std::move(m_descriptors.front());
      m_descriptors.pop_front();
    }
  }
  if (!m_on_frame) return false;
  m_lookout.came();
  m_on_frame(std::move(m_frame));
  return bool(m_on_frame);
}

void Link::forged() {
  m_forged = true;
  broken();
}

void Link::broken() {
  const auto self = shared_from_this();
  const OnClosed closed = std::move(m_on_closed);
  close();
  if (closed) closed();
}

}  // namespace berth::loader

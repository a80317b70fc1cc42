// SOCK_SEQPACKET with SCM_RIGHTS.
#include "jail/channel.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace berth::jail {

using service::Error;
using service::Result;
using service::UniqueFd;

namespace {

template <std::size_t Count>
union Control {
  char room[CMSG_SPACE(sizeof(int) * Count)];
  cmsghdr align;
};

UniqueFd taken_fd(msghdr& head) {
  const cmsghdr* one = CMSG_FIRSTHDR(&head);
  if (!one || one->cmsg_type != SCM_RIGHTS || one->cmsg_len != CMSG_LEN(sizeof(int))) return {};
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(one), sizeof fd);
  return UniqueFd(fd);
}

}  // namespace

std::string Answer::in_words() const { return "cannot " + what + ": " + std::strerror(error); }

Result<std::pair<Channel, UniqueFd>> Channel::make() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{503, "jail_failed", std::string("cannot make a socket pair: ") + std::strerror(errno)};
  return std::pair(Channel(UniqueFd(ends[0])), UniqueFd(ends[1]));
}

int Channel::send(std::string_view message, const std::vector<int>& fds) {
  Control<berth_most_fds + 1> control{};
  iovec piece{const_cast<char*>(message.data()), message.size()};
  msghdr head{};
  head.msg_iov = &piece;
  head.msg_iovlen = 1;
  if (!fds.empty()) {
    head.msg_control = control.room;
    head.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
    cmsghdr* one = CMSG_FIRSTHDR(&head);
    one->cmsg_level = SOL_SOCKET;
    one->cmsg_type = SCM_RIGHTS;
    one->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
    std::memcpy(CMSG_DATA(one), fds.data(), sizeof(int) * fds.size());
  }
  while (::sendmsg(m_socket.get(), &head, MSG_NOSIGNAL) < 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

Result<Answer> Channel::receive(std::chrono::milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + patience;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd heard{m_socket.get(), POLLIN, 0};
    const int ready = ::poll(&heard, 1, static_cast<int>(std::max<long long>(left, 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return Error{503, "jail_failed", "a process of the jail gives no answer"};
    berth_answer said{};
    Control<1> control{};
    iovec piece{&said, sizeof said};
    msghdr head{};
    head.msg_iov = &piece;
    head.msg_iovlen = 1;
    head.msg_control = control.room;
    head.msg_controllen = sizeof control.room;
    const ssize_t got = ::recvmsg(m_socket.get(), &head, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) continue;
    UniqueFd fd = got > 0 ? taken_fd(head) : UniqueFd();
    if (got != static_cast<ssize_t>(sizeof said)) return Error{503, "jail_failed", "a process of the jail has ended"};
    said.what[sizeof said.what - 1] = 0;
    return Answer{static_cast<berth_answer_kind>(said.kind), said.error, said.what, std::move(fd)};
  }
}

}  // namespace berth::jail

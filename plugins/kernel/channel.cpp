// The sender's pid comes from the kernel (SCM_CREDENTIALS): what a worker says of itself is not believed.
#include "channel.hpp"

#include <berth/call.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace kernel {

namespace {

constexpr std::size_t most_fds = 64;

[[noreturn]] void too_many() {
  throw berth::Error(503, "no_descriptors", "there are too many open files", "end some kernels");
}

void never_wait(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

void take(const cmsghdr* part, Received& received, std::vector<berth::Fd>& fds) {
  if (part->cmsg_level != SOL_SOCKET) return;
  if (part->cmsg_type == SCM_CREDENTIALS) {
    ucred who;
    std::memcpy(&who, CMSG_DATA(part), sizeof who);
    received.sender = who.pid;
  }
  if (part->cmsg_type != SCM_RIGHTS) return;
  const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
  for (std::size_t i = 0; i < count; ++i) {
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
    fds.emplace_back(fd);
  }
}

}  // namespace

Pair socket_pair(int kind) {
  int both[2];
  if (::socketpair(AF_UNIX, kind | SOCK_CLOEXEC, 0, both) != 0) too_many();
  Pair pair{berth::Fd(both[0]), berth::Fd(both[1])};
  never_wait(both[0]);
  const int yes = 1;
  ::setsockopt(both[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
  return pair;
}

Pair pipe_from() {
  int both[2];
  if (::pipe2(both, O_CLOEXEC) != 0) too_many();
  never_wait(both[0]);
  return {berth::Fd(both[0]), berth::Fd(both[1])};
}

Pair pipe_to() {
  int both[2];
  if (::pipe2(both, O_CLOEXEC) != 0) too_many();
  never_wait(both[1]);
  return {berth::Fd(both[1]), berth::Fd(both[0])};
}

char* room_of(std::size_t size) {
  thread_local std::vector<char> room;
  if (room.size() < size) room.resize(size);
  return room.data();
}

Received receive(int socket, std::size_t most, std::string& bytes, std::vector<berth::Fd>& fds) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_fds) + CMSG_SPACE(sizeof(ucred))> room;
  iovec piece{room_of(most), most};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  ssize_t got = 0;
  do got = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  Received received;
  if (got <= 0) {
    received.got = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Got::nothing_yet : Got::end;
    return received;
  }
  bytes.append(static_cast<const char*>(piece.iov_base), static_cast<std::size_t>(got));
  received.got = Got::something;
  received.cut = (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  for (auto* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) take(part, received, fds);
  return received;
}

std::optional<std::size_t> send(int socket, std::string_view bytes, const std::vector<int>& fds) {
  if (fds.size() > most_fds) return std::nullopt;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_fds)> room{};
  iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = room.data();
    message.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
    auto* part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
    std::memcpy(CMSG_DATA(part), fds.data(), sizeof(int) * fds.size());
  }
  for (;;) {
    const ssize_t sent = ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    return std::nullopt;
  }
}

pid_t pid_of(int pidfd) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
  const berth::Fd file(::open(path, O_RDONLY | O_CLOEXEC));
  char text[1024];
  const ssize_t size = file ? ::read(file.get(), text, sizeof text - 1) : -1;
  if (size <= 0) return 0;
  text[size] = '\0';
  const char* at = std::strstr(text, "\nPid:");
  int pid = 0;
  return at && std::sscanf(at, "\nPid:%d", &pid) == 1 && pid > 0 ? pid : 0;
}

bool signal_pidfd(int pidfd, int number) { return ::syscall(SYS_pidfd_send_signal, pidfd, number, nullptr, 0) == 0; }

}  // namespace kernel

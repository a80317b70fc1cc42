// Never more is written at once than there is surely room for, so that a wait can be ended.
#include "command/mcp_output.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <stdexcept>

namespace berth::command {

McpOutput::McpOutput(int fd, int input, std::chrono::milliseconds linger)
    : m_fd(fd), m_input(input), m_linger(linger), m_ended(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (m_ended.get() < 0) throw std::runtime_error("no event descriptor can be made");
}

bool McpOutput::put(const std::string& message) {
  const std::string line = message + "\n";
  const std::lock_guard held(m_lock);
  if (m_is_ended) return false;
  if (write(line)) return true;
  if (!m_is_ended) m_lost = true;
  end();
  return false;
}

void McpOutput::wait_for_reader() { const std::lock_guard held(m_lock); }

void McpOutput::end() {
  m_is_ended = true;
  const std::uint64_t one = 1;
  if (::write(m_ended.get(), &one, sizeof one) < 0) return;  // full: it has ended long since
}

bool McpOutput::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!wait_for_room()) return false;
    auto count = ::send(m_fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == ENOTSOCK)
      count = ::write(m_fd, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    if (count < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool McpOutput::wait_for_room() {
  pollfd all[3] = {{m_fd, POLLOUT, 0}, {m_ended.get(), POLLIN, 0}, {m_input, POLLRDHUP, 0}};
  int patience = -1;
  for (nfds_t watched = 3;;) {
    const int found = ::poll(all, watched, patience);
    if (found < 0 && errno != EINTR) return false;
    if (found < 0) continue;
    if (all[0].revents != 0 || all[1].revents != 0) return all[1].revents == 0;
    if (found == 0) end();
    watched = 2;
    patience = static_cast<int>(std::min<std::chrono::milliseconds::rep>(m_linger.count(), INT_MAX));
  }
}

}  // namespace berth::command

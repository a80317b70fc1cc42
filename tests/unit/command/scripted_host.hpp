// What the client talks to in its tests: a listener on this machine that does to each connection what the test says,
// also what no honest host would.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "service/unique_fd.hpp"

namespace berth::test {

// One connection, seen from the host. Nothing waits longer than ten seconds.
class Wire {
 public:
  explicit Wire(int fd) : m_fd(fd) {
    const timeval patience{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }

  // Up to `mark` and with it; less if the client ended before.
  std::string until(const std::string& mark) {
    std::size_t found = m_text.find(mark);
    while (found == std::string::npos) {
      const std::size_t seen = m_text.size() - std::min(m_text.size(), mark.size());
      if (!more()) return take(m_text.size());
      found = m_text.find(mark, seen);
    }
    return take(found + mark.size());
  }
  std::string head() { return until("\r\n\r\n"); }
  std::string exactly(std::size_t count) {
    while (m_text.size() < count && more()) {
    }
    return take(std::min(count, m_text.size()));
  }
  std::string to_the_end() {
    while (more()) {
    }
    return take(m_text.size());
  }
  bool send(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const auto sent = ::send(m_fd.get(), bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      at += static_cast<std::size_t>(sent);
    }
    return true;
  }
  // False: for half a second nobody took any of it.
  bool send_now(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      pollfd room{m_fd.get(), POLLOUT, 0};
      if (::poll(&room, 1, 500) != 1) return false;
      const auto sent = ::send(m_fd.get(), bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent <= 0 && errno != EAGAIN) return false;
      if (sent > 0) at += static_cast<std::size_t>(sent);
    }
    return true;
  }
  void end() { ::shutdown(m_fd.get(), SHUT_WR); }

 private:
  bool more() {
    char block[16384];
    const auto got = ::recv(m_fd.get(), block, sizeof block, 0);
    if (got > 0) m_text.append(block, static_cast<std::size_t>(got));
    return got > 0;
  }
  std::string take(std::size_t count) {
    std::string taken = m_text.substr(0, count);
    m_text.erase(0, count);
    return taken;
  }

  const service::UniqueFd m_fd;
  std::string m_text;
};

// Connections come one after the other, or at once if it is told so, and each is closed when its script ends.
class ScriptedHost {
 public:
  using Script = std::function<void(Wire&)>;

  explicit ScriptedHost(Script script, bool at_once = false)
      : m_script(std::move(script)), m_at_once(at_once), m_listener(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listen(reinterpret_cast<sockaddr*>(&name), sizeof name);
    socklen_t size = sizeof name;
    ::getsockname(m_listener.get(), reinterpret_cast<sockaddr*>(&name), &size);
    m_url = "http://127.0.0.1:" + std::to_string(ntohs(name.sin_port));
  }
  ScriptedHost(const std::string& path, Script script)
      : m_script(std::move(script)),
        m_at_once(false),
        m_listener(::socket(AF_UNIX, SOCK_STREAM, 0)),
        m_url("unix:" + path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
    listen(reinterpret_cast<sockaddr*>(&name), sizeof name);
  }
  ~ScriptedHost() {
    ::shutdown(m_listener.get(), SHUT_RDWR);
    m_thread.join();
  }
  ScriptedHost(const ScriptedHost&) = delete;

  const std::string& url() const { return m_url; }

 private:
  void listen(const sockaddr* name, socklen_t size) {
    if (::bind(m_listener.get(), name, size) != 0 || ::listen(m_listener.get(), 16) != 0)
      throw std::runtime_error(std::string("the scripted host cannot listen: ") + std::strerror(errno));
    m_thread = std::thread([this] { serve(); });
  }
  void serve() {
    std::vector<std::thread> all;
    for (int fd; (fd = ::accept(m_listener.get(), nullptr, nullptr)) >= 0;) {
      all.emplace_back([this, fd] {
        Wire wire(fd);
        m_script(wire);
      });
      if (!m_at_once) all.back().join();
    }
    for (auto& one : all)
      if (one.joinable()) one.join();
  }

  const Script m_script;
  const bool m_at_once;
  const service::UniqueFd m_listener;
  std::string m_url;
  std::thread m_thread;
};

// An answer with its length told.
inline std::string answer(int status, const std::string& body, const std::string& fields = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace berth::test

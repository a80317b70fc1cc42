// What tests of the proxy share: a proxy on a loop of its own, names that lead where the test says, clients and
// records.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "service/proxy/proxy.hpp"
#include "unit/command/scripted_host.hpp"

namespace berth::service::proxy::test {

using namespace std::chrono_literals;
using berth::test::ScriptedHost;
using berth::test::Wire;

inline Address address(const char* text) { return boost::asio::ip::make_address(text); }

// Answers in the order that it was told, the last answer for ever; a name that it was not told hangs.
class Names : public Resolver {
 public:
  using Answer = Result<std::vector<Address>>;
  explicit Names(EventLoop& loop) : m_loop(loop) {}

  void tell(const std::string& name, Answer answer) {
    const std::lock_guard lock(m_mutex);
    m_answers[name].push_back(std::move(answer));
  }
  std::size_t asked() const { return m_asked; }

  std::shared_ptr<void> resolve(const std::string&, const std::string& name, Then then) override {
    ++m_asked;
    const auto lookup = std::make_shared<Then>(std::move(then));
    const std::lock_guard lock(m_mutex);
    const auto found = m_answers.find(name);
    if (found == m_answers.end()) return lookup;
    const Answer answer = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    m_loop.post([weak = std::weak_ptr<Then>(lookup), answer] {
      if (const auto asked = weak.lock()) (*asked)(answer);
    });
    return lookup;
  }

 private:
  EventLoop& m_loop;
  std::mutex m_mutex;
  std::map<std::string, std::deque<Answer>> m_answers;
  std::atomic<std::size_t> m_asked = 0;
};

class Client {
 public:
  explicit Client(int fd) : m_fd(fd), wire(fd) {}
  void half_close() { ::shutdown(m_fd, SHUT_WR); }
  bool reset() {  // did the other side end it by one, after whatever it still sent?
    char room[4096];
    ssize_t got = 0;
    while ((got = ::recv(m_fd, room, sizeof room, 0)) > 0) {
    }
    return got < 0 && errno == ECONNRESET;
  }
  void small_window() {
    const int size = 4096;
    ::setsockopt(m_fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }
  int fd() const { return m_fd; }

 private:
  const int m_fd;

 public:
  Wire wire;
};

inline std::string port_of(const ScriptedHost& host) { return host.url().substr(host.url().rfind(':') + 1); }

class ProxyTest : public testing::Test {
 protected:
  ProxyTest() : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    ::signal(SIGPIPE, SIG_IGN);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(m_listener.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    EXPECT_EQ(::listen(m_listener.get(), 1024), 0);
    m_thread = std::thread([this] { loop.run(); });
    rules.label = "one";
    rules.log = [this](const Record& record) {
      const std::lock_guard lock(m_mutex);
      m_records.push_back(record);
      m_told.notify_all();
    };
    // The servers of these tests are on this machine; the rest is as ever.
    rules.closed = [](const Address& where, bool inside) {
      return where.is_loopback() ? std::string() : why_closed(where, inside);
    };
    allow("server.test");
    names.tell("server.test", std::vector<Address>{address("127.0.0.1")});
  }
  ~ProxyTest() override {
    close();
    m_work.reset();
    m_thread.join();
  }

  void allow(const std::string& entry, bool inside = false) {
    const auto made = AllowList::parse(entry, inside);
    ASSERT_TRUE(made) << made.error().message;
    rules.allow.add(*made);
  }
  void allow(const ScriptedHost& server) { allow("server.test:" + port_of(server)); }

  void on_loop(const std::function<void()>& job) {
    std::promise<void> done;
    loop.post([&] {
      job();
      done.set_value();
    });
    done.get_future().wait();
  }
  void open() {
    on_loop([this] {
      auto made = Proxy::open(loop, names, m_listener.get(), rules);
      ASSERT_TRUE(made) << made.error().message;
      proxy = std::move(*made);
    });
  }
  void close() {
    on_loop([this] { proxy.reset(); });
  }
  std::size_t connections() {
    std::size_t count = 0;
    on_loop([&] { count = proxy->connections(); });
    return count;
  }
  bool falls_silent() {
    for (int i = 0; i < 2000 && connections() > 0; ++i) std::this_thread::sleep_for(10ms);
    return connections() == 0;
  }

  int dial() {
    if (!proxy) open();
    sockaddr_in name{};
    socklen_t size = sizeof name;
    ::getsockname(m_listener.get(), reinterpret_cast<sockaddr*>(&name), &size);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&name), size), 0);
    return fd;
  }
  Client connect() { return Client(dial()); }
  std::string ask(const std::string& bytes) {
    Client client = connect();
    client.wire.send(bytes);
    return client.wire.to_the_end();
  }
  static std::string connect_to(const std::string& where) {
    return "CONNECT " + where + " HTTP/1.1\r\nHost: " + where + "\r\n\r\n";
  }
  std::string server_of(const ScriptedHost& host) { return "server.test:" + port_of(host); }
  void begin_tunnel(Client& client, const ScriptedHost& server) {
    client.wire.send(connect_to(server_of(server)));
    client.wire.head();
  }

  // The record of the n-th request that is over.
  Record record(std::size_t n = 0) {
    std::unique_lock lock(m_mutex);
    const bool there = m_told.wait_for(lock, 20s, [&] { return m_records.size() > n; });
    EXPECT_TRUE(there) << "no record";
    return there ? m_records[n] : Record{};
  }
  std::size_t records() {
    const std::lock_guard lock(m_mutex);
    return m_records.size();
  }

  EventLoop loop;
  Names names{loop};
  Rules rules;
  std::unique_ptr<Proxy> proxy;
  const UniqueFd m_listener;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work{loop.context().get_executor()};
  std::thread m_thread;
  std::mutex m_mutex;
  std::condition_variable m_told;
  std::vector<Record> m_records;
};

}  // namespace berth::service::proxy::test

// The whole host in this process, on a clock of the test's own: ten minutes pass at once.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "command/host.hpp"

namespace berth::edge {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A clock that any thread may advance.
class SharedClock : public service::Clock {
 public:
  Moment now() const override { return service::Clock::now() + std::chrono::milliseconds(m_ahead.load()); }
  Moment recent() const override { return service::Clock::recent() + std::chrono::milliseconds(m_ahead.load()); }
  WallMoment wall() const override { return service::Clock::wall() + std::chrono::milliseconds(m_ahead.load()); }
  void advance(std::chrono::milliseconds by) { m_ahead += by.count(); }

 private:
  std::atomic<std::int64_t> m_ahead{0};
};

class Client {
 public:
  explicit Client(const std::string& path) : m_fd(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::snprintf(name.sun_path, sizeof name.sun_path, "%s", path.c_str());
    if (::connect(m_fd, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) ADD_FAILURE() << "cannot connect";
    const timeval patience{60, 0};
    ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Client() { ::close(m_fd); }
  Client(const Client&) = delete;

  void send(const std::string& bytes) {
    EXPECT_EQ(::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), ssize_t(bytes.size()));
  }
  // Reads until `mark` was seen; what came so far is given back, and kept no longer.
  std::string until(const std::string& mark) {
    std::string got;
    char block[4096];
    while (got.find(mark) == std::string::npos) {
      const ssize_t count = ::recv(m_fd, block, sizeof block, 0);
      if (count <= 0) {
        ADD_FAILURE() << "waited in vain for " << mark << "; came: " << got;
        break;
      }
      got.append(block, static_cast<std::size_t>(count));
    }
    return got;
  }
  std::string rest() {
    std::string got;
    char block[4096];
    for (ssize_t count; (count = ::recv(m_fd, block, sizeof block, 0)) > 0;)
      got.append(block, static_cast<std::size_t>(count));
    return got;
  }
  bool ended() {
    char byte;
    return ::recv(m_fd, &byte, 1, 0) == 0;
  }

 private:
  int m_fd;
};

class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    char room[] = "/tmp/berth-server-test.XXXXXX";
    m_folder = ::mkdtemp(room);
    command::Host::Parts parts;
    parts.config.edge.listens = {{"unix:" + m_folder + "/socket", std::nullopt, "test"}};
    parts.config.log.least = service::Level::error;
    parts.state = m_folder + "/state";
    parts.token_file = m_folder + "/state/token";
    parts.config.plugin_folders = {std::string(BERTH_BUILD_DIR) + "/tests/plugins"};
    parts.config.plugins["probe"].own_process = false;  // this program cannot be a plugin's process
    fs::create_directories(parts.state);
    parts.audit = std::move(*service::Audit::open({parts.state + "/audit.log"}));
    parts.clock = &m_clock;
    std::promise<void> ready;
    m_thread = std::thread([this, &ready, parts = std::make_shared<command::Host::Parts>(std::move(parts))]() mutable {
      command::Host host(std::move(*parts));
      m_host = &host;
      const auto failed = host.open();
      EXPECT_FALSE(failed) << failed->message;
      ready.set_value();
      host.run();
    });
    ready.get_future().wait();
    std::ifstream(m_folder + "/state/token") >> m_token;
  }
  void TearDown() override {
    m_host->loop().post([this] { m_host->drain(); });
    pass(31s);
    m_thread.join();
    fs::remove_all(m_folder);
  }

  // Time passes, and the host notices: its clockwork goes by the real one.
  void pass(std::chrono::milliseconds time) { m_clock.advance(time); }
  void swept() { std::this_thread::sleep_for(500ms); }
  std::string get(const std::string& path, const std::string& fields = {}) const {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + m_token + "\r\n" + fields +
           "\r\n";
  }
  std::unique_ptr<Client> connect() const { return std::make_unique<Client>(m_folder + "/socket"); }

  SharedClock m_clock;
  std::string m_folder, m_token;
  command::Host* m_host = nullptr;
  std::thread m_thread;
};

TEST_F(ServerTest, AnswersAfterTenMinutes) {
  auto parked = connect();
  parked->send(get("/probe/park"));
  for (int minute = 0; minute < 10; ++minute) {
    pass(1min);
    swept();
  }
  auto other = connect();
  other->send("POST /probe/release HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAuthorization: Bearer " +
              m_token + "\r\n\r\n");
  EXPECT_NE(other->until("}").find("\"released\":1"), std::string::npos);
  EXPECT_NE(parked->until("}").find("\"released\":true"), std::string::npos);
}

TEST_F(ServerTest, StreamsForTenMinutesWithHeartbeats) {
  auto client = connect();
  client->send(get("/probe/count?to=2&ms=9000"));
  client->until("data: {\"n\":1}");
  for (int minute = 0; minute < 10; ++minute) {
    pass(1min);
    client->until(": berth");
  }
  client->until("data: {\"n\":2}");
  client->until("berth.end");
}

TEST_F(ServerTest, ClosesWhatIsIdleAndWhatDrips) {
  auto idle = connect(), drip = connect();
  idle->send(get("/livez"));
  idle->until("alive");
  drip->send("GET /livez HT");
  swept();
  pass(11s);
  EXPECT_NE(drip->until("\r\n\r\n").find("408"), std::string::npos);
  pass(65s);
  EXPECT_TRUE(idle->ended());
}

TEST_F(ServerTest, CancelsAResumableStreamThatNobodyComesBackFor) {
  {
    auto client = connect();
    client->send(get("/probe/count?to=1000000&ms=50"));
    client->until("data: {\"n\":1}");
  }
  swept();
  auto watcher = connect();
  watcher->send(get("/status"));
  EXPECT_NE(watcher->until("\"version\"").find("\"calls_in_flight\":2"), std::string::npos);
  pass(31s);
  swept();
  watcher->send(get("/status"));
  EXPECT_NE(watcher->until("\"version\"").find("\"calls_in_flight\":1"), std::string::npos);
}

TEST_F(ServerTest, DropsAReaderThatStalls) {
  auto client = connect();
  client->send(get("/probe/big?bytes=50000000"));
  client->until("200 OK");
  swept();
  pass(61s);
  swept();
  auto watcher = connect();
  watcher->send(get("/status"));
  EXPECT_NE(watcher->until("\"draining\"").find("\"connections\":1"), std::string::npos);
}

// Each answer is tried at once, and goes on later where it did not fit.
TEST_F(ServerTest, SendsOnWhatDidNotFitAtOnce) {
  constexpr int times = 300;
  auto client = connect();
  for (int i = 0; i < times; ++i) {
    client->send(get("/probe/big?bytes=3000", "X-Request-Id: number-" + std::to_string(i) + "\r\n" +
                                                  (i + 1 == times ? "Connection: close\r\n" : "")));
    std::this_thread::sleep_for(500us);
  }
  const std::string got = client->rest();
  std::size_t at = 0;
  for (int i = 0; i < times; ++i) {
    const auto body = got.find("\r\n\r\n", at);
    ASSERT_NE(body, std::string::npos) << i;
    const std::string head = got.substr(at, body + 2 - at);
    EXPECT_NE(head.find("X-Request-Id: number-" + std::to_string(i) + "\r\n"), std::string::npos) << head;
    const auto length = head.find("Content-Length: ");
    ASSERT_NE(length, std::string::npos) << head;
    at = body + 4 + std::stoul(head.substr(length + 16));
  }
  EXPECT_EQ(at, got.size());
}

// The beat that came due while the loop was busy waits behind the drain, and comes up when the server is gone.
TEST_F(ServerTest, EndsThoughABeatIsDue) {
  auto busy = std::make_shared<std::promise<void>>();
  m_host->loop().post([busy] {
    busy->set_value();
    std::this_thread::sleep_for(400ms);
  });
  busy->get_future().wait();
}

}  // namespace
}  // namespace berth::edge

// The log gets a few failed handshakes a minute, however many there are, and how many it did not get.
#include "edge/failed_handshakes.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "service/unique_fd.hpp"
#include "unit/service/folder.hpp"

namespace berth::edge {
namespace {

struct HandClock : service::Clock {
  Moment now() const override { return at; }
  Moment at{std::chrono::hours(1)};
};

TEST(FailedHandshakes, AreToldWithinBounds) {
  const test::Folder folder;
  const service::UniqueFd file(::open(folder.file("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  HandClock clock;
  service::Metrics metrics;
  const auto lines = [&] { return test::lines_of(test::content_of(folder.file("log"))); };
  {
    service::Log log(file.get(), {});
    FailedHandshakes failed(log, clock, metrics);
    for (int i = 0; i < 100; ++i) failed.tell("192.0.2.1:5", "because");
    log.flush();
    EXPECT_EQ(lines().size(), std::size_t{FailedHandshakes::most_a_minute});
    clock.at += std::chrono::seconds(61);
    failed.tell("192.0.2.2:5", "because");
    failed.tell("192.0.2.3:5", "because");
  }
  const auto all = lines();
  ASSERT_EQ(all.size(), std::size_t{FailedHandshakes::most_a_minute + 2});
  EXPECT_NE(all[0].find("\"peer\":\"192.0.2.1:5\",\"reason\":\"because\""), std::string::npos);
  EXPECT_NE(all[FailedHandshakes::most_a_minute].find("\"left_out\":80"), std::string::npos);
  EXPECT_EQ(all.back().find("left_out"), std::string::npos);
  EXPECT_NE(metrics.text().find("berth_tls_handshakes_failed_total 102"), std::string::npos);
}

}  // namespace
}  // namespace berth::edge

// Names of hosts and origins, and where a token may stand.
#include "edge/guard.hpp"

#include <gtest/gtest.h>

namespace berth::edge {
namespace {

TEST(Guard, TakesOwnAndListedHosts) {
  for (const char* good :
       {"localhost", "LOCALHOST:8888", "127.0.0.1:8888", "10.1.2.3", "[::1]:8888", "[::1]", "berth.example:443"}) {
    EXPECT_FALSE(check_host(good, {"berth.example"})) << good;
  }
}

TEST(Guard, RefusesOtherHosts) {
  for (const char* bad : {"", "evil.example", "localhost.evil.example", "localhost:88888888", "127.0.0.1.evil.example",
                          "[::1", "[zz]", "localhost:80:80", "berth.example.", "a@localhost"}) {
    const auto error = check_host(bad, {"berth.example"});
    ASSERT_TRUE(error) << bad;
    EXPECT_EQ(error->status, 421);
  }
}

TEST(Guard, ComparesOrigins) {
  EXPECT_FALSE(check_origin("http://localhost:8888", "localhost:8888", false, {}));
  EXPECT_TRUE(check_origin("http://localhost:8888", "localhost:8888", true, {}));
  EXPECT_TRUE(check_origin("null", "localhost:8888", false, {}));
  EXPECT_TRUE(check_origin("https://evil.example", "localhost", false, {"https://app.example"}));
  EXPECT_FALSE(check_origin("https://app.example", "localhost", false, {"https://app.example"}));
}

RequestHead head_with(const char* name, const char* value, bool upgrade = false) {
  RequestHead head;
  head.upgrade = upgrade;
  head.add(name, value);
  return head;
}

TEST(Guard, FindsTheBearer) {
  EXPECT_EQ(bearer_of(head_with("authorization", "Bearer abc")), "abc");
  EXPECT_EQ(bearer_of(head_with("Authorization", "bearer  abc")), "abc");
  EXPECT_EQ(bearer_of(head_with("Authorization", "Basic abc")), "");
  EXPECT_EQ(bearer_of(head_with("Authorization", "Bearer ")), "");
  EXPECT_FALSE(bearer_of(head_with("Other", "x")));
}

TEST(Guard, BrowsersMayOfferItAsASubprotocol) {
  EXPECT_EQ(bearer_of(head_with("Sec-WebSocket-Protocol", "berth, bearer.abc", true)), "abc");
  EXPECT_FALSE(bearer_of(head_with("Sec-WebSocket-Protocol", "berth, bearer.abc", false)));
}

}  // namespace
}  // namespace berth::edge

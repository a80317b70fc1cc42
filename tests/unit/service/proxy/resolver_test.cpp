// The machine's own names, fairness among those who ask, and lookups that nobody waits for any more.
#include "service/proxy/resolver.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "unit/service/turning.hpp"

namespace berth::service::proxy {
namespace {

using namespace std::chrono_literals;

class ProxyResolverTest : public testing::Test {
 protected:
  ProxyResolverTest() { loop.adopt(); }
  bool until(const std::function<bool()>& holds) { return berth::test::turn_until(loop, holds); }
  EventLoop loop;
  SystemResolver resolver{loop};
};

TEST_F(ProxyResolverTest, KnowsThisMachine) {
  std::optional<Result<std::vector<Address>>> got;
  const auto lookup = resolver.resolve("one", "localhost", [&](auto found) { got = std::move(found); });
  EXPECT_FALSE(got) << "never within the call";
  ASSERT_TRUE(until([&] { return got.has_value(); }));
  ASSERT_TRUE(*got) << got->error().message;
  ASSERT_FALSE((**got).empty());
  for (const Address& address : **got) EXPECT_TRUE(address.is_loopback());
}

TEST_F(ProxyResolverTest, NoSuchNameIsAnError) {
  std::optional<Result<std::vector<Address>>> got;
  const auto lookup = resolver.resolve("one", "a..b", [&](auto found) { got = std::move(found); });
  ASSERT_TRUE(until([&] { return got.has_value(); }));
  ASSERT_FALSE(*got);
  EXPECT_TRUE(got->error().status == 502 || got->error().status == 504);
}

TEST_F(ProxyResolverTest, ALookupThatWasLetGoIsNotAnswered) {
  int answers = 0;
  resolver.resolve("one", "localhost", [&](auto) { answers += 100; });
  std::vector<std::shared_ptr<void>> kept;
  for (int i = 0; i < 500; ++i) {
    auto lookup = resolver.resolve(i % 2 ? "one" : "two", "localhost", [&](auto) { ++answers; });
    if (i % 10 < 2) kept.push_back(std::move(lookup));
  }
  ASSERT_TRUE(until([&] { return answers >= 100; }));
  loop.context().restart();
  loop.context().run_for(50ms);
  EXPECT_EQ(answers, 100);
}

TEST_F(ProxyResolverTest, ItMayGoWithLookupsUnderWay) {
  auto own = std::make_unique<SystemResolver>(loop);
  int answers = 0;
  std::vector<std::shared_ptr<void>> lookups;
  for (int i = 0; i < 50; ++i) lookups.push_back(own->resolve("one", "localhost", [&](auto) { ++answers; }));
  own.reset();
  loop.context().restart();
  loop.context().run_for(20ms);
  EXPECT_EQ(answers, 0);
}

}  // namespace
}  // namespace berth::service::proxy

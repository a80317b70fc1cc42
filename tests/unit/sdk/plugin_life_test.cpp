// From create() to destroy(): config, refusals, health, services, the log.
#include <berth/plugin.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "seat.hpp"

namespace berth {
namespace {

using test::Seat;

struct Living {
  static void declare(Declaration<Living>& d) {
    d.plugin("living", "1.0.0", "Lives");
    d.get("config", "/living/config").handle([](const Json&) { return Json(); });
  }
  explicit Living(const Context& context) : log(context.log) {
    ++alive;
    const auto how = context.config.value("how", std::string());
    if (how == "error") throw Error(500, "no_disk", "there is no disk", "buy one");
    if (how == "exception") throw std::runtime_error("it broke");
    if (how == "number") throw 42;
    ailing = context.config.value("ailing", std::string());
    log_found = context.service<berth_log>(BERTH_LOG) != nullptr;
    other_found = context.service<berth_log>("berth.nothing/1") != nullptr;
    log.warn("made", {{"config", context.config}});
    log.info("no fields");
  }
  ~Living() { --alive; }
  std::optional<std::string> ailment() {
    if (ailing.empty()) return std::nullopt;
    if (ailing == "throw") throw 42;
    return ailing;
  }
  Log log;
  std::string ailing;
  static inline int alive = 0;
  static inline bool log_found = false, other_found = false;
};

struct Simple {
  static void declare(Declaration<Simple>& d) { d.plugin("simple", "1.0.0", "Has no constructor and no health"); }
};

struct Verdict {
  int well = -1;
  std::string why;
};
Verdict health_of(const Seat& seat, std::size_t room = 100) {
  const auto* health =
      static_cast<const berth_health*>(seat.api().service(seat.self(), {BERTH_HEALTH, sizeof(BERTH_HEALTH) - 1}));
  if (!health) return {};
  std::string why(room, '.');
  std::size_t used = 0;
  const int well = health->check(seat.self(), why.data(), room, &used);
  return {well, why.substr(0, used)};
}

TEST(PluginLifeTest, IsMadeWithItsConfigAndDestroyed) {
  {
    Seat seat(detail::entry<Living>(), R"({"x":1})");
    EXPECT_TRUE(seat.started());
    EXPECT_EQ(Living::alive, 1);
    EXPECT_TRUE(Living::log_found);
    EXPECT_FALSE(Living::other_found);
    const auto log = seat.host.log();
    ASSERT_EQ(log.size(), 2u);
    EXPECT_EQ(log[0].level, BERTH_WARN);
    EXPECT_EQ(log[0].text, "made");
    EXPECT_EQ(log[0].fields, (Json{{"config", {{"x", 1}}}}));
    EXPECT_TRUE(log[1].fields.is_null());
  }
  EXPECT_EQ(Living::alive, 0);
}

TEST(PluginLifeTest, AConstructorThatThrowsRefusesAndSaysWhy) {
  Seat error(detail::entry<Living>(), R"({"how":"error"})");
  EXPECT_FALSE(error.started());
  ASSERT_TRUE(error.host.refusal());
  EXPECT_EQ(error.host.refusal()->code(), "no_disk");
  EXPECT_EQ(error.host.refusal()->message(), "there is no disk");
  EXPECT_EQ(error.host.refusal()->hint(), "buy one");

  Seat exception(detail::entry<Living>(), R"({"how":"exception"})");
  EXPECT_FALSE(exception.started());
  EXPECT_EQ(exception.host.refusal()->message(), "it broke");

  Seat number(detail::entry<Living>(), R"({"how":"number"})");
  EXPECT_FALSE(number.started());
  EXPECT_TRUE(number.host.refusal());
}

TEST(PluginLifeTest, AConfigThatIsNoJsonIsRefused) {
  Seat seat(detail::entry<Living>(), "{");
  EXPECT_FALSE(seat.started());
  EXPECT_TRUE(seat.host.refusal());
}

TEST(PluginLifeTest, TwoInstancesShareNothing) {
  Seat one(detail::entry<Living>()), two(detail::entry<Living>(), R"({"ailing":"tired"})");
  EXPECT_NE(one.self(), two.self());
  EXPECT_EQ(health_of(one).well, 1);
  EXPECT_EQ(health_of(two).well, 0);
}

TEST(PluginLifeTest, SaysWhatAilsItInTheRoomThatThereIs) {
  Seat seat(detail::entry<Living>(), R"({"ailing":"the disk is full"})");
  EXPECT_EQ(health_of(seat).why, "the disk is full");
  EXPECT_EQ(health_of(seat, 8).why, "the disk");
  EXPECT_EQ(health_of(seat, 0).why, "");
}

TEST(PluginLifeTest, AHealthCheckThatThrowsIsAnAilment) {
  Seat seat(detail::entry<Living>(), R"({"ailing":"throw"})");
  EXPECT_EQ(health_of(seat).well, 0);
  EXPECT_NE(health_of(seat).why, "");
}

TEST(PluginLifeTest, LendsNoServiceThatItHasNot) {
  Seat simple(detail::entry<Simple>()), living(detail::entry<Living>());
  EXPECT_TRUE(simple.started());
  EXPECT_EQ(health_of(simple).well, -1);
  EXPECT_EQ(living.api().service(living.self(), {"berth.nothing/1", 15}), nullptr);
}

}  // namespace
}  // namespace berth

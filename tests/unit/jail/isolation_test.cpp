// What is said of the layers, and the filter's programs.
#include "jail/isolation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "jail/filter.hpp"
#include "unit/jail/seat.hpp"

namespace berth::jail::test {
namespace {

using testing::HasSubstr;
using State = Layer::State;

TEST(Isolation, WhatIsDemandedAndNotThereIsNamedWithItsReason) {
  Isolation found;
  found.layers = {
      {"landlock", State::enforced, "ABI 7"}, {"memory", State::fallback, "by rlimits"}, {"net", State::absent, "no"}};
  EXPECT_FALSE(found.lacking({}));
  EXPECT_FALSE(found.lacking({"landlock"}));
  const auto error = found.lacking({"landlock", "memory", "net"});
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, "isolation_missing");
  EXPECT_EQ(error->message,
            "jail.require demands more than this machine allows: memory is fallback (by rlimits); net is absent (no)");
  EXPECT_EQ(found.json()["layers"][1],
            (nlohmann::json{{"name", "memory"}, {"state", "fallback"}, {"detail", "by rlimits"}}));
  EXPECT_EQ(found.level(), "basic");
}

TEST(Isolation, EveryLayerIsJudgedAndHasAReason) {
  Seat seat;
  const auto& isolation = seat.jails().isolation();
  for (const auto& name : Isolation::names()) {
    const Layer* layer = isolation.find(name);
    ASSERT_TRUE(layer) << name;
    EXPECT_FALSE(layer->detail.empty()) << name;
  }
  EXPECT_EQ(isolation.layers.size(), Isolation::names().size());
}

TEST(Isolation, WhatIsLeftOutIsNotUsed) {
  Seat seat({"landlock", "seccomp", "pid"});
  const auto& isolation = seat.jails().isolation();
  EXPECT_EQ(isolation.find("landlock")->detail, "left out");
  EXPECT_EQ(isolation.namespaces, 0u);
  EXPECT_EQ(isolation.landlock, 0u);
  const auto jail = seat.open();
  EXPECT_THAT(say(*jail, "grep Seccomp: /proc/self/status").output, HasSubstr("0"));
}

TEST(Filter, IsMadeForEachKindOfJail) {
  for (const FilterRules rules : {FilterRules{true, true}, FilterRules{false, true}, FilterRules{false, false}}) {
    const auto program = make_filter(rules);
    ASSERT_TRUE(program) << program.error().message;
    EXPECT_GT(program->size(), 50u);
  }
}

}  // namespace
}  // namespace berth::jail::test

// What a plugin's own jail is to be: its wish, and the operator's word.
#include "loader/own_jail_rules.hpp"

#include <gmock/gmock.h>

namespace berth::loader {
namespace {

using testing::HasSubstr;

const JailWish browser{4'000'000'000, true, {"*"}};

TEST(OwnJailRules, TheHostsOwnHaveWhatTheyWish) {
  const auto rules = own_jail_rules("browser", browser, true, {});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->memory, 4'000'000'000u);
  EXPECT_TRUE(rules->nests);
  ASSERT_TRUE(rules->allow);
  EXPECT_EQ(rules->allow->text(), "*");
}

TEST(OwnJailRules, BerthLuaHasTheLastWord) {
  JailGrants grants;
  grants.memory = 100'000'000;
  grants.nests = false;
  grants.allow.emplace();
  const auto rules = own_jail_rules("browser", browser, true, grants);
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->memory, 100'000'000u);
  EXPECT_FALSE(rules->nests);
  EXPECT_EQ(rules->allow->text(), "nothing");
}

TEST(OwnJailRules, AStrangerHasNothingByItsWishAlone) {
  const auto refused = own_jail_rules("theirs", browser, false, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "not_granted");
  EXPECT_THAT(refused.error().message, HasSubstr("plugin \"theirs\" { jail = { nests = true, allow = { \"*\" } } }"));
  JailGrants grants;
  grants.nests = true;
  EXPECT_FALSE(own_jail_rules("theirs", browser, false, grants)) << "the network was not granted";
  grants.allow.emplace();
  EXPECT_TRUE(own_jail_rules("theirs", browser, false, grants));
}

TEST(OwnJailRules, WhoWishesNothingHasTheUsual) {
  const auto rules = own_jail_rules("plain", {}, false, {});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->memory, 2'000'000'000u);
  EXPECT_FALSE(rules->nests);
  EXPECT_FALSE(rules->allow);
}

}  // namespace
}  // namespace berth::loader

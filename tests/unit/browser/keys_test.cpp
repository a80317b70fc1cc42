// Keys by the names that people give them.
#include "keys.hpp"

#include <gtest/gtest.h>

namespace browser {
namespace {

TEST(Keys, ACharacterIsTyped) {
  const auto events = typed("ö");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0]["type"], "keyDown");
  EXPECT_EQ(events[0]["text"], "ö");
  EXPECT_EQ(events[1]["type"], "keyUp");
}

TEST(Keys, WithAModifierItIsACommandAndNoText) {
  const auto events = key_events("Control+Shift+a");
  EXPECT_EQ(events[0]["type"], "rawKeyDown");
  EXPECT_EQ(events[0]["modifiers"], 10);
  EXPECT_EQ(events[0]["code"], "KeyA");
  EXPECT_EQ(events[0]["windowsVirtualKeyCode"], 65);
  EXPECT_FALSE(events[0].contains("text"));
}

TEST(Keys, NamedOnes) {
  EXPECT_EQ(key_events("Enter")[0]["text"], "\r");
  EXPECT_EQ(key_events("ArrowDown")[0]["windowsVirtualKeyCode"], 40);
  EXPECT_EQ(key_events("+")[0]["text"], "+");
  EXPECT_EQ(key_events("Control++")[0]["key"], "+");
  EXPECT_EQ(typed("\n")[0]["key"], "Enter");
}

TEST(Keys, OnesThatAreNone) {
  for (const char* none : {"Entre", "Hyper+A", "ab", "Control+"}) EXPECT_THROW(key_events(none), berth::Error) << none;
}

TEST(Keys, CharactersStayWhole) {
  const auto all = characters_of("aö€😀");
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[3], "😀");
}

}  // namespace
}  // namespace browser

// What SIGHUP cannot change is named if it was changed, and only then.
#include "command/restart.hpp"

#include <gtest/gtest.h>

namespace berth::command {
namespace {

Config config(const std::string& text) {
  auto checked = check_config(text, "berth.lua");
  EXPECT_TRUE(checked.errors.empty()) << checked.errors.front();
  return std::move(checked.config);
}

TEST(Restart, NothingWaitsForItThatIsApplied) {
  EXPECT_EQ(after_a_restart(config(""), config(""), true), "");
  EXPECT_EQ(after_a_restart(config(""), config("listen { \"127.0.0.1:1\" } limits { calls = 3 }"), true), "");
}

TEST(Restart, NamesWhatWaits) {
  EXPECT_EQ(after_a_restart(config(""), config("jail { require = { \"pid\" } }"), true), "jail");
  EXPECT_EQ(after_a_restart(config(""), config("log { level = \"debug\" }"), true), "log");
  EXPECT_EQ(after_a_restart(config(""), config("auth(false) limits { threads = 3 }"), true),
            "auth(false), limits.threads of the host");
  EXPECT_EQ(after_a_restart(config("auth(false)"), config("auth(false)"), false), "");
}

}  // namespace
}  // namespace berth::command

// plugin "x" { services, scopes, secrets }, events and jobs: what is good, and what is complained of.
#include <gtest/gtest.h>

#include "command/config.hpp"

namespace berth::command {
namespace {

std::string mistakes(const std::string& text) {
  std::string all;
  for (const auto& error : check_config(text, "berth.lua").errors) all += error + "\n";
  return all;
}

TEST(ConfigGrants, AreRead) {
  const auto checked = check_config(R"(
    plugin "a" {
      services = { "events", "calls" }, scopes = { "run", "clock.*" },
      secrets = { one = { file = "/key" }, two = { env = "TWO" }, three = { command = { "say", "it" } } },
    }
    plugin "b" { services = {}, scopes = {} }
    plugin "c" {}
    plugin "d" { jail = { memory = "2GiB", nests = false, allow = { "*", { "127.0.0.1:3000", own = true } } } }
    events { keep = 5, bytes = "1KiB" }
    jobs { keep = 6, bytes = "2KiB", time = "3s" }
  )",
                                    "/etc/berth.lua");
  EXPECT_TRUE(checked.errors.empty()) << checked.errors[0];
  const auto& jail = checked.config.plugins.at("d").jail;
  EXPECT_EQ(jail.memory, 2u << 30);
  EXPECT_EQ(jail.nests, false);
  EXPECT_EQ(jail.allow->text(), "*, 127.0.0.1:3000 (of this machine)");
  const auto& a = checked.config.plugins.at("a");
  EXPECT_FALSE(a.jail.allow);
  EXPECT_EQ(*a.grants.services, (std::set<std::string>{"calls", "events"}));
  EXPECT_EQ(*a.grants.scopes, (std::vector<std::string>{"run", "clock.*"}));
  EXPECT_EQ(a.secrets.at("one").file, "/key");
  EXPECT_EQ(a.secrets.at("two").env, "TWO");
  EXPECT_EQ(a.secrets.at("three").command, (std::vector<std::string>{"say", "it"}));
  EXPECT_TRUE(checked.config.plugins.at("b").grants.services->empty());
  EXPECT_TRUE(checked.config.plugins.at("b").grants.scopes->empty());
  EXPECT_FALSE(checked.config.plugins.at("c").grants.services);
  EXPECT_EQ(checked.config.events.events, 5u);
  EXPECT_EQ(checked.config.events.bytes, 1024u);
  EXPECT_EQ(checked.config.jobs.count, 6u);
  EXPECT_EQ(checked.config.jobs.time, std::chrono::seconds(3));
}

TEST(ConfigGrants, MistakesAreNamed) {
  EXPECT_NE(mistakes("plugin \"a\" { services = { \"event\" } }").find("did you mean \"events\"?"), std::string::npos);
  EXPECT_NE(mistakes("plugin \"a\" { services = \"events\" }").find("services wants a list"), std::string::npos);
  EXPECT_NE(mistakes("plugin \"a\" { services = { x = 1 } }").find("services wants a list"), std::string::npos);
  EXPECT_NE(mistakes("plugin \"a\" { scopes = { \"open\" } }").find("neither read, run or admin"), std::string::npos);
  EXPECT_NE(mistakes("plugin \"a\" { scopes = { 5 } }").find("scopes wants a list"), std::string::npos);
  for (const char* bad : {"5", "{}", "{ file = 5 }", "{ file = \"\" }", "{ env = \"A=B\" }", "{ command = {} }",
                          "{ command = \"say\" }", "{ file = \"/a\", env = \"B\" }", "{ nothing = \"x\" }"})
    EXPECT_NE(mistakes("plugin \"a\" { secrets = { key = " + std::string(bad) + " } }").find("the secret key wants"),
              std::string::npos)
        << bad;
  EXPECT_NE(mistakes("plugin \"a\" { jail = 5 }").find("jail wants a table"), std::string::npos);
  EXPECT_NE(mistakes("plugin \"a\" { jail = { nest = true } }").find("did you mean \"nests\"?"), std::string::npos);
  EXPECT_NE(mistakes("plugin \"a\" { jail = { allow = { \"127.0.0.1\" } } }").find("own = true"), std::string::npos);
  EXPECT_NE(mistakes("plugin \"a\" { secrets = 5 }").find("secrets wants a table"), std::string::npos);
  EXPECT_NE(mistakes("plugin \"a\" { secrets = { [\"A B\"] = { env = \"X\" } } }").find("no secret's name"),
            std::string::npos);
  EXPECT_NE(mistakes("events { kep = 5 }").find("keep"), std::string::npos);
  EXPECT_NE(mistakes("jobs(5)").find("jobs wants a table"), std::string::npos);
}

}  // namespace
}  // namespace berth::command

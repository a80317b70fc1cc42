// What pages are told of their surroundings.
#include "emulation.hpp"

#include <gtest/gtest.h>

namespace browser::test {

namespace {

constexpr const char* headless =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36";

const Json* find(const std::vector<Emulation::Command>& all, const std::string& method) {
  for (const auto& one : all)
    if (method == one.first) return &one.second;
  return nullptr;
}

}  // namespace

TEST(Emulation, AnOrdinaryPageIsToldLittle) {
  Emulation emulation;
  const auto all = emulation.commands(800, 600, headless, false);
  EXPECT_EQ(all.size(), 2u);
  EXPECT_EQ((*find(all, "Emulation.setDeviceMetricsOverride"))["width"], 800);
  EXPECT_EQ(text_of(*find(all, "Emulation.setUserAgentOverride"), "userAgent").find("Headless"), std::string::npos);
  emulation.consistent = false;
  EXPECT_EQ(emulation.commands(800, 600, headless, false).size(), 1u);
  EXPECT_TRUE(emulation.commands(800, 600, headless, true).empty());
}

TEST(Emulation, WhatABrowserSaysOfItselfAgrees) {
  for (const auto& name : device_names()) {
    const Json wish = device(name, plain_user_agent(headless));
    const std::string agent = wish.at("user_agent");
    EXPECT_EQ(agent.find('%'), std::string::npos);
    const Json told = agreeing(agent, "de-DE");
    EXPECT_EQ(told["acceptLanguage"], "de-DE,de");
    const bool chrome = agent.find("Chrome/156") != std::string::npos;
    EXPECT_EQ(told.contains("userAgentMetadata"), chrome) << name;
    if (!chrome) continue;
    EXPECT_EQ(told["userAgentMetadata"]["brands"][0]["version"], "156");
    EXPECT_EQ(told["userAgentMetadata"]["mobile"], wish["mobile"]);
  }
  EXPECT_TRUE(device("none", "").empty());
  EXPECT_EQ(agreeing("Windows NT Chrome/9", "")["userAgentMetadata"]["platform"], "Windows");
}

TEST(Emulation, WhatIsNotWishedAnyMoreIsTakenBack) {
  Emulation emulation;
  emulation.wish = Json::parse(R"({"offline": true, "latitude": 1, "longitude": 2, "time_zone": "Europe/Lisbon"})");
  const auto all = emulation.anew(800, 600, headless, false);
  std::size_t places = 0;
  for (const auto& [method, params] : all) places += std::string(method) == "Emulation.setTimezoneOverride" ? 1 : 0;
  EXPECT_EQ(places, 2u);  // away, and to Lisbon
  EXPECT_EQ(all.back().first, std::string("Emulation.setGeolocationOverride"));
}

}  // namespace browser::test

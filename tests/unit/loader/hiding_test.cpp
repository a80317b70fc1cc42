// That no secret stays in a plugin's JSON, and that nothing else of it changes.
#include "loader/services/hiding.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace berth::loader {
namespace {

service::Mask mask_of(std::initializer_list<std::pair<const char*, std::string_view>> all) {
  service::SecretSet secrets;
  for (const auto& [name, bytes] : all) secrets.emplace(name, service::Secret(bytes));
  return service::Mask(std::make_shared<const service::SecretSet>(std::move(secrets)));
}

TEST(Hiding, InTextsNamesAndNumbersHoweverTheyAreWritten) {
  const auto mask = mask_of({{"key", "s3cr3t-\"01"}, {"pin", "12345678"}});
  EXPECT_EQ(hide_in_json(R"({"a": ["at s3cr3t-\"01!", "\u00733cr3t-\u002201"]})", mask),
            R"({"a": ["at [secret key]!", "[secret key]"]})");
  EXPECT_EQ(hide_in_json(R"({"s3cr3t-\"01":-12345678,"12345678":0})", mask),
            R"({"[secret key]":"-[secret pin]","[secret pin]":0})");
}

TEST(Hiding, WhatHoldsNoneStaysByteForByte) {
  const auto mask = mask_of({{"key", "s3cr3t-01"}});
  for (const char* json :
       {R"( {"b":1.50 ,"a":[true,null,-0e+2,"\u0041\\"]} )", "", "\"", "\"\\", "-", "[1,", "\"\xff\""})
    EXPECT_EQ(hide_in_json(json, mask), json);
  EXPECT_EQ(hide_in_json("\"\xffs3cr3t-01\"", mask), "\"\xff[secret key]\"");
  EXPECT_EQ(hide_in_json("\"s3cr3t-01\"", service::Mask(nullptr)), "\"s3cr3t-01\"");
}

TEST(Hiding, HoweverDeepItLies) {
  const auto mask = mask_of({{"key", "s3cr3t-01"}});
  const std::string open(1'000'000, '['), closed(1'000'000, ']');
  EXPECT_EQ(hide_in_json(open + "\"s3cr3t-01\"" + closed, mask), open + "\"[secret key]\"" + closed);
}

}  // namespace
}  // namespace berth::loader

// As in RFC 4648, and no other way: each content has one spelling.
#include <berth/base64.hpp>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace berth {
namespace {

TEST(Base64, IsAsInRfc4648) {
  const std::pair<const char*, const char*> known[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : known) {
    EXPECT_EQ(base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  EXPECT_EQ(from_base64(base64(every_byte)), every_byte);
}

TEST(Base64, WhatIsBrokenIsNone) {
  for (const char* bad : {"Zg", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zm 9v", "Zm-_", "Zg==Zg==", "=Zg="})
    EXPECT_FALSE(from_base64(bad)) << bad;
}

}  // namespace
}  // namespace berth

// Bytes as text and back; a digest against published values; and that random bytes are not twice the same.
#include <gtest/gtest.h>

#include <set>

#include "service/text.hpp"

namespace berth::service {
namespace {

std::string every_byte() {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  return all;
}

TEST(Encoding, PercentGoesThereAndBack) {
  EXPECT_EQ(percent_encode("a b/\xc3\xbc~-._%"), "a%20b%2F%C3%BC~-._%25");
  EXPECT_EQ(percent_decode(percent_encode(every_byte())), every_byte());
  EXPECT_EQ(percent_decode("%41%2f%2F+"), "A//+");
}

TEST(Encoding, BrokenPercentIsRefused) {
  for (const char* bad : {"%", "%4", "%zz", "a%4g", "%%41", "%-1", "% 1", "100%"})
    EXPECT_FALSE(percent_decode(bad)) << bad;
}

TEST(Encoding, Hex) { EXPECT_EQ(hex(std::string_view("\0\x0f\xff", 3)), "000fff"); }

TEST(Encoding, Sha256AsInFips180) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Encoding, RandomIsLongEnoughAndNew) {
  EXPECT_EQ(random_bytes(0).size(), 0u);
  EXPECT_EQ(random_bytes(100'000).size(), 100'000u);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_token());
  EXPECT_EQ(seen.size(), 1000u);
  for (const std::string& token : seen) {
    ASSERT_EQ(token.size(), 43u);
    ASSERT_EQ(percent_encode(token), token) << "it can stand in a URL as it is";
  }
}

}  // namespace
}  // namespace berth::service

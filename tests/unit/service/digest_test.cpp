// The digest that comes piece by piece is that of the whole.
#include "service/digest.hpp"

#include <gtest/gtest.h>

#include "service/text.hpp"

namespace berth::service {
namespace {

TEST(Digest, IsThatOfTheWhole) {
  EXPECT_EQ(Digest().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  std::string whole;
  Digest digest;
  for (int size = 0; size < 100; ++size) {
    const std::string piece(static_cast<std::size_t>(size), static_cast<char>(size));
    digest.add(piece);
    whole += piece;
  }
  EXPECT_EQ(digest.hex(), hex(sha256(whole)));
}

TEST(Digest, IsKnownByItsForm) {
  EXPECT_TRUE(is_digest(std::string(64, 'f')));
  EXPECT_FALSE(is_digest(std::string(64, 'F')));
  EXPECT_FALSE(is_digest(std::string(63, 'a')));
  EXPECT_FALSE(is_digest(std::string(65, 'a')));
  EXPECT_FALSE(is_digest(std::string(63, 'a') + "g"));
  EXPECT_FALSE(is_digest(""));
}

}  // namespace
}  // namespace berth::service

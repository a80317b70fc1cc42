// berth-manifest's own SHA-256 against published values, and against OpenSSL's at every length around a block's ends.
#include "sha256.h"

#include <gtest/gtest.h>

#include "service/text.hpp"

namespace {

std::string digest(const std::string& text, std::size_t piece = 1'000'000) {
  struct sha256 sum;
  sha256_begin(&sum);
  for (std::size_t at = 0; at < text.size(); at += piece)
    sha256_add(&sum, text.data() + at, std::min(piece, text.size() - at));
  char hex[65];
  sha256_end(&sum, hex);
  return hex;
}

TEST(ManifestSha256, IsThatOfFips180) {
  EXPECT_EQ(digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(digest(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(ManifestSha256, IsOpenSslsAtEveryLength) {
  std::string text;
  for (int size = 0; size < 200; ++size) {
    EXPECT_EQ(digest(text), berth::service::hex(berth::service::sha256(text))) << size;
    text += static_cast<char>(size * 37);
  }
}

TEST(ManifestSha256, DoesNotDependOnThePieces) {
  const std::string text(1000, 'x');
  for (const std::size_t piece : {1, 3, 63, 64, 65, 128, 999}) EXPECT_EQ(digest(text, piece), digest(text)) << piece;
}

}  // namespace

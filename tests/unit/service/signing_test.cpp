// Ed25519 against the values of RFC 8032; keys there and back; and what is no key or no signature.
#include "service/signing.hpp"

#include <berth/base64.hpp>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include "service/text.hpp"

namespace berth::service {
namespace {

std::string unhex(const std::string& text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 2)
    bytes += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
  return bytes;
}

// RFC 8032, 7.1, test 2: its secret as OpenSSL holds it.
const std::string known_secret = "-----BEGIN PRIVATE KEY-----\n" +
                                 base64(unhex("302e020100300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f5b8a319f"
                                              "35aba624da8cf6ed4fb8a6fb")) +
                                 "\n-----END PRIVATE KEY-----\n";
const std::string known_signature = unhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

TEST(Signing, IsThatOfRfc8032) {
  const auto key = PrivateKey::from_pem(known_secret);
  ASSERT_TRUE(key);
  EXPECT_EQ(hex(key->sign("\x72")), hex(known_signature));
  const PublicKey open(unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
  EXPECT_TRUE(open.verifies("\x72", known_signature));
  EXPECT_EQ(key->public_key().id(), open.id());
  const PublicKey first(unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
  EXPECT_TRUE(first.verifies("", unhex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33"
                                       "bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")));
}

TEST(Signing, KeysComeBackFromPem) {
  const auto key = PrivateKey::make();
  const auto again = PrivateKey::from_pem(key.pem());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->pem(), key.pem());
  const auto open = PublicKey::from_pem(key.public_key().pem());
  ASSERT_TRUE(open);
  EXPECT_EQ(open->id(), key.public_key().id());
  EXPECT_EQ(open->id().size(), 16u);
  EXPECT_TRUE(open->verifies("text", again->sign("text")));
  EXPECT_NE(PrivateKey::make().pem(), key.pem());
}

TEST(Signing, NothingElseVerifies) {
  const auto key = PrivateKey::make();
  const auto open = key.public_key();
  const std::string good = key.sign("text");
  EXPECT_FALSE(open.verifies("texT", good));
  EXPECT_FALSE(open.verifies("", good));
  EXPECT_FALSE(PrivateKey::make().public_key().verifies("text", good));
  EXPECT_FALSE(open.verifies("text", ""));
  EXPECT_FALSE(open.verifies("text", good.substr(0, 63)));
  EXPECT_FALSE(open.verifies("text", good + '\0'));
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(open.verifies("text", bad)) << at;
  }
}

TEST(Signing, WhatIsNoKeyIsNone) {
  const auto key = PrivateKey::make();
  const std::string encrypted =  // asks for no passphrase; a test that waited for one would not end
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgAAAAAAAAAAAICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAAAAAAAAAAAAAAAAAAAAAAEQAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
  const std::string of_rsa =
      "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf\n"
      "9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END PUBLIC KEY-----\n";
  for (const std::string& bad : {std::string(), std::string("text"), key.public_key().pem(), encrypted,
                                 key.pem().substr(0, 60), std::string(4096, '-'), std::string("\0\xff", 2)})
    EXPECT_FALSE(PrivateKey::from_pem(bad)) << bad;
  for (const std::string& bad :
       {std::string(), std::string("text"), key.pem(), encrypted, of_rsa, key.public_key().pem().substr(0, 60)})
    EXPECT_FALSE(PublicKey::from_pem(bad)) << bad;
  EXPECT_EQ(ERR_peek_error(), 0u);  // or TLS would take it for its own
}

}  // namespace
}  // namespace berth::service

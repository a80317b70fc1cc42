// Ed25519: who signed something. Keys are PEM files as OpenSSL writes and reads them; a key's id is what people
// compare.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth::service {

class PublicKey {
 public:
  static std::optional<PublicKey> from_pem(std::string_view pem);  // nullopt: no Ed25519 public key
  explicit PublicKey(std::string raw) : m_raw(std::move(raw)) {}

  std::string pem() const;
  std::string id() const;  // 16 hex digits, the first of the SHA-256 of its 32 bytes
  bool verifies(std::string_view bytes, std::string_view signature) const;

 private:
  std::string m_raw;  // 32 bytes
};

class PrivateKey {
 public:
  static PrivateKey make();
  static std::optional<PrivateKey> from_pem(
      std::string_view pem);  // nullopt: no Ed25519 private key, or an encrypted one
  ~PrivateKey();              // wipes it
  PrivateKey(const PrivateKey&) = default;

  std::string pem() const;
  PublicKey public_key() const;
  std::string sign(std::string_view bytes) const;  // 64 bytes

 private:
  explicit PrivateKey(std::string raw) : m_raw(std::move(raw)) {}
  std::string m_raw;  // 32 bytes
};

}  // namespace berth::service

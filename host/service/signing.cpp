// Ed25519 by OpenSSL. Keys are held as their 32 bytes, so that they can be copied and compared.
#include "service/signing.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <stdexcept>

#include "service/text.hpp"

namespace berth::service {
namespace {

constexpr std::size_t key_size = 32, signature_size = 64;

struct Freed {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed>;
using Bio = std::unique_ptr<BIO, Freed>;

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

void need(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL has no Ed25519");
}

// What fails here is told by what is returned; TLS must not find it in OpenSSL's own list of errors.
struct NoTrace {
  ~NoTrace() { ERR_clear_error(); }
};

Bio reading(std::string_view pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

// Without it OpenSSL would ask the terminal for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) { return -1; }

std::string written(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

// The 32 bytes of one of its halves, if it is an Ed25519 key and has that half.
template <class Half>
std::optional<std::string> bytes_of(const Key& key, const Half& half) {
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) return std::nullopt;
  std::string bytes(key_size, '\0');
  std::size_t size = key_size;
  if (half(key.get(), raw(bytes), &size) != 1 || size != key_size) return std::nullopt;
  return bytes;
}

Key key_of(const std::string& bytes, decltype(&EVP_PKEY_new_raw_private_key) half) {
  Key key(half(EVP_PKEY_ED25519, nullptr, raw(std::string_view(bytes)), bytes.size()));
  need(key != nullptr);
  return key;
}

}  // namespace

std::optional<PublicKey> PublicKey::from_pem(std::string_view pem) {
  const NoTrace none;
  const Bio bio = reading(pem);
  const Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, &no_passphrase, nullptr));
  auto bytes = bytes_of(key, EVP_PKEY_get_raw_public_key);
  if (!bytes) return std::nullopt;
  return PublicKey(std::move(*bytes));
}

std::string PublicKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  need(PEM_write_bio_PUBKEY(bio.get(), key_of(m_raw, EVP_PKEY_new_raw_public_key).get()) == 1);
  return written(bio.get());
}

std::string PublicKey::id() const { return hex(sha256(m_raw)).substr(0, 16); }

bool PublicKey::verifies(std::string_view bytes, std::string_view signature) const {
  if (signature.size() != signature_size) return false;
  const NoTrace none;
  const Key key = key_of(m_raw, EVP_PKEY_new_raw_public_key);
  const Context context(EVP_MD_CTX_new());
  need(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  return EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(bytes), bytes.size()) == 1;
}

PrivateKey PrivateKey::make() { return PrivateKey(random_bytes(key_size)); }

std::optional<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
  const NoTrace none;
  const Bio bio = reading(pem);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr));
  auto bytes = bytes_of(key, EVP_PKEY_get_raw_private_key);
  if (!bytes) return std::nullopt;
  return PrivateKey(std::move(*bytes));
}

PrivateKey::~PrivateKey() { OPENSSL_cleanse(m_raw.data(), m_raw.size()); }

std::string PrivateKey::pem() const {
  const Bio bio(BIO_new(BIO_s_secmem()));
  const Key key = key_of(m_raw, EVP_PKEY_new_raw_private_key);
  need(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return written(bio.get());
}

PublicKey PrivateKey::public_key() const {
  auto bytes = bytes_of(key_of(m_raw, EVP_PKEY_new_raw_private_key), EVP_PKEY_get_raw_public_key);
  need(bytes.has_value());
  return PublicKey(std::move(*bytes));
}

std::string PrivateKey::sign(std::string_view bytes) const {
  const Key key = key_of(m_raw, EVP_PKEY_new_raw_private_key);
  const Context context(EVP_MD_CTX_new());
  std::string signature(signature_size, '\0');
  std::size_t size = signature_size;
  need(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
       EVP_DigestSign(context.get(), raw(signature), &size, raw(bytes), bytes.size()) == 1 && size == signature_size);
  return signature;
}

}  // namespace berth::service

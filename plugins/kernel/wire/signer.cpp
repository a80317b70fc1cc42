// OpenSSL does the work; the state with the key in it is made once and copied for each message.
#include "signer.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <new>
#include <stdexcept>

namespace kernel::wire {

namespace {

struct FreeMac {
  void operator()(EVP_MAC* one) const { EVP_MAC_free(one); }
};
struct FreeState {
  void operator()(EVP_MAC_CTX* one) const { EVP_MAC_CTX_free(one); }
};
using State = std::unique_ptr<EVP_MAC_CTX, FreeState>;

constexpr std::size_t digest_size = 32;

std::string hexadecimal(const unsigned char* bytes, std::size_t size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * size);
  for (std::size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

void must(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL cannot sign");
}

}  // namespace

std::string new_key() {
  unsigned char bytes[32];
  must(RAND_bytes(bytes, sizeof bytes) == 1);
  return hexadecimal(bytes, sizeof bytes);
}

struct Signer::Mac {
  std::unique_ptr<EVP_MAC, FreeMac> kind{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  State keyed{kind ? EVP_MAC_CTX_new(kind.get()) : nullptr};
};

Signer::Signer(const std::string& key, std::size_t remembers) : m_mac(std::make_unique<Mac>()), m_most(remembers) {
  must(m_mac->keyed != nullptr);
  char name[] = "SHA256";
  const OSSL_PARAM options[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                OSSL_PARAM_construct_end()};
  must(EVP_MAC_init(m_mac->keyed.get(), reinterpret_cast<const unsigned char*>(key.data()), key.size(), options) == 1);
}

Signer::~Signer() = default;

std::string Signer::sign(const std::vector<std::string_view>& parts) const {
  const State state(EVP_MAC_CTX_dup(m_mac->keyed.get()));
  if (!state) throw std::bad_alloc();
  for (const auto part : parts)
    must(EVP_MAC_update(state.get(), reinterpret_cast<const unsigned char*>(part.data()), part.size()) == 1);
  unsigned char digest[digest_size];
  std::size_t size = 0;
  must(EVP_MAC_final(state.get(), digest, &size, sizeof digest) == 1 && size == sizeof digest);
  return hexadecimal(digest, sizeof digest);
}

Signer::Verdict Signer::judge(const std::string& signature, const std::vector<std::string_view>& parts) {
  if (signature.size() != 2 * digest_size) return Verdict::wrong;
  const std::string right = sign(parts);
  if (CRYPTO_memcmp(right.data(), signature.data(), right.size()) != 0) return Verdict::wrong;
  const auto [at, is_new] = m_known.insert(signature);
  if (!is_new) return Verdict::known;
  m_order.push_back(&*at);
  if (m_order.size() > m_most) {
    m_known.erase(*m_order.front());
    m_order.pop_front();
  }
  return Verdict::good;
}

}  // namespace kernel::wire

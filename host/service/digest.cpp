// OpenSSL's SHA-256, one piece at a time.
#include "service/digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

#include "service/text.hpp"

namespace berth::service {
namespace {

void want(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL has no SHA-256");
}

}  // namespace

Digest::Digest() : m_context(EVP_MD_CTX_new()) {
  want(m_context && EVP_DigestInit_ex(m_context, EVP_sha256(), nullptr) == 1);
}

Digest::~Digest() { EVP_MD_CTX_free(m_context); }

void Digest::add(std::string_view bytes) { want(EVP_DigestUpdate(m_context, bytes.data(), bytes.size()) == 1); }

std::string Digest::hex() {
  std::string raw(32, '\0');
  want(EVP_DigestFinal_ex(m_context, reinterpret_cast<unsigned char*>(raw.data()), nullptr) == 1);
  return service::hex(raw);
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace berth::service

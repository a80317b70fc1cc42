// SHA-256 of what comes piece by piece: files that are too large to be held.
#pragma once

#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace berth::service {

class Digest {
 public:
  Digest();  // throws if OpenSSL has none
  ~Digest();
  Digest(const Digest&) = delete;

  void add(std::string_view bytes);
  std::string hex();  // of all that was added; nothing can be added after it

 private:
  evp_md_ctx_st* const m_context;
};

bool is_digest(std::string_view text);  // 64 digits of 0-9 a-f

}  // namespace berth::service

// The body of a message on its way: as long as its head says and not a byte longer, and chunks cut anew, so that
// nobody behind can read anything in it but this one body.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/chunk_reader.hpp"
#include "service/proxy/head.hpp"

namespace berth::service::proxy {

class Body {
 public:
  explicit Body(const Framing& framing);
  // Puts onto `out` what of `piece` belongs to it; the rest is dropped. Null, or what is wrong.
  const char* take(std::string_view piece, std::string& out);
  bool done() const { return m_chunks ? m_chunks->done() : m_left == 0; }

 private:
  std::optional<ChunkReader> m_chunks;
  std::uint64_t m_left = 0;
  std::uint64_t m_dropped = 0;
};

}  // namespace berth::service::proxy

// Counted, or chunk by chunk.
#include "service/proxy/body.hpp"

#include <algorithm>

namespace berth::service::proxy {

namespace {

constexpr std::uint64_t most_trailer = 8u << 10;
constexpr std::uint64_t most_dropped = 64u << 10;  // of what comes behind it

std::string in_hex(std::size_t number) {
  std::string digits;
  for (; number > 0; number /= 16) digits.insert(digits.begin(), "0123456789abcdef"[number % 16]);
  return digits;
}

}  // namespace

Body::Body(const Framing& framing) : m_left(framing.length.value_or(0)) {
  if (framing.chunked) m_chunks.emplace(most_trailer);
}

const char* Body::take(std::string_view piece, std::string& out) {
  std::size_t used = 0;
  if (m_chunks && !m_chunks->done()) {
    std::string body;
    const auto step = m_chunks->feed(piece, body);
    if (step.wrong) return step.wrong;
    used = step.used;
    if (!body.empty()) out.append(in_hex(body.size())).append("\r\n").append(body).append("\r\n");
    if (m_chunks->done()) out.append("0\r\n\r\n");
  } else if (!m_chunks) {
    used = std::min<std::uint64_t>(m_left, piece.size());
    out.append(piece.substr(0, used));
    m_left -= used;
  }
  m_dropped += piece.size() - used;
  return m_dropped > most_dropped ? "more was sent than the body" : nullptr;
}

}  // namespace berth::service::proxy

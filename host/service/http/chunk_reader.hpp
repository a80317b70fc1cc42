// The chunked coding of a request's body (RFC 9112, 7.1), read byte by byte from whatever pieces arrive. Not Beast's:
// its parser waits for ever behind a bare LF, and a trailer that comes in pieces trips an assertion in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::service {

class ChunkReader {
 public:
  explicit ChunkReader(std::uint64_t most_trailer) : m_most_trailer(most_trailer) {}

  struct Step {
    std::size_t used = 0;         // all, unless the body has ended
    const char* wrong = nullptr;  // what the client did wrong; nothing more can be read then
  };
  Step feed(std::string_view bytes, std::string& body);
  bool done() const { return m_at == At::end; }

 private:
  enum class At {
    size,
    extension,
    size_end,
    data,
    data_end,
    data_end_2,
    trailer,
    trailer_line,
    trailer_end,
    end_2,
    end
  };

  const char* take(char c);
  const char* size(char c);
  const char* extension(char c);
  const char* line_feed(char c, At next);
  const char* trailer(char c);

  const std::uint64_t m_most_trailer;
  At m_at = At::size;
  std::uint64_t m_left = 0;  // of the chunk
  std::uint32_t m_line = 0;  // bytes of its header so far
  std::uint64_t m_trailer = 0;
};

}  // namespace berth::service

// One state for each place in the grammar. Extensions and trailers are read, bounded and dropped.
#include "service/http/chunk_reader.hpp"

#include <algorithm>

namespace berth::service {

namespace {

constexpr std::uint32_t most_header = 1024;  // of one chunk: its size and its extensions
constexpr std::uint64_t most_size = UINT64_MAX >> 5;

constexpr const char* bare = "a line of a chunk ends in something other than CRLF";

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f'; }

}  // namespace

ChunkReader::Step ChunkReader::feed(std::string_view bytes, std::string& body) {
  std::size_t at = 0;
  while (at < bytes.size() && m_at != At::end) {
    if (m_at == At::data) {
      const auto piece = bytes.substr(at, std::min<std::uint64_t>(m_left, bytes.size() - at));
      body.append(piece);
      at += piece.size();
      m_left -= piece.size();
      if (m_left == 0) m_at = At::data_end;
    } else if (const char* wrong = take(bytes[at++])) {
      return {at, wrong};
    }
  }
  return {at};
}

const char* ChunkReader::take(char c) {
  switch (m_at) {
    case At::size: return size(c);
    case At::extension: return extension(c);
    case At::size_end: return line_feed(c, m_left > 0 ? At::data : At::trailer);
    case At::data_end: m_at = At::data_end_2; return c == '\r' ? nullptr : "a chunk is longer than its size";
    case At::data_end_2: m_line = 0; return line_feed(c, At::size);
    case At::trailer:
    case At::trailer_line: return trailer(c);
    case At::trailer_end: return line_feed(c, At::trailer);
    case At::end_2: return line_feed(c, At::end);
    case At::data:
    case At::end: break;
  }
  return nullptr;
}

const char* ChunkReader::size(char c) {
  const int value = digit(c);
  if (value >= 0) {
    if (m_line == 0) m_left = 0;
    if (++m_line > most_header) return "a chunk's header is too long";
    if (m_left > most_size) return "a chunk's size is too large";
    m_left = m_left * 16 + static_cast<unsigned>(value);
    return nullptr;
  }
  if (m_line == 0) return "a chunk has no size";
  m_at = At::extension;
  return c == ';' || c == '\r' ? extension(c) : "a chunk's size is no number";
}

const char* ChunkReader::extension(char c) {
  if (c == '\r') {
    m_at = At::size_end;
    return nullptr;
  }
  if (c == '\n') return bare;
  if (control(c)) return "a chunk's header holds a control character";
  return ++m_line > most_header ? "a chunk's header is too long" : nullptr;
}

const char* ChunkReader::line_feed(char c, At next) {
  m_at = next;
  return c == '\n' ? nullptr : bare;
}

const char* ChunkReader::trailer(char c) {
  const bool first = m_at == At::trailer;
  if (c == '\r') {
    m_at = first ? At::end_2 : At::trailer_end;
    return nullptr;
  }
  if (c == '\n') return bare;
  if (control(c) || (first && (c == ' ' || c == '\t' || c == ':'))) return "a trailer is no header field";
  m_at = At::trailer_line;
  return ++m_trailer > m_most_trailer ? "the trailers are too long" : nullptr;
}

}  // namespace berth::service

// Bytes become characters that XML allows.
#include "xml_input.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "xml.hpp"
#include "xml_text.hpp"

namespace ooxml {

namespace {

constexpr std::size_t least_read = 32 << 10, most_taken = 64 << 10;
constexpr std::size_t beyond = 16;  // zero bytes behind the text

}  // namespace

XmlInput::XmlInput(Source& source) : m_source(source) { m_buffer.assign(beyond, '\0'); }

void XmlInput::bad(std::size_t at, const char* why) {
  throw Malformed("bad-encoding", why, line(m_buffer.data() + at));
}

// The first piece says what the bytes are.
void XmlInput::open(std::string_view piece) {
  m_opened = true;
  auto byte = [&](std::size_t i) { return i < piece.size() ? static_cast<unsigned char>(piece[i]) : 0x100; };
  if ((byte(0) == 0xFE && byte(1) == 0xFF) || (byte(0) == 0 && byte(1) == '<')) {
    m_wide = m_big = true;
  } else if ((byte(0) == 0xFF && byte(1) == 0xFE) || (byte(0) == '<' && byte(1) == 0)) {
    m_wide = true;
  }
}

void XmlInput::put_wide(std::uint16_t unit) {
  bool low = unit >= 0xDC00 && unit <= 0xDFFF;
  if (low != (m_surrogate != 0)) bad(m_last, "half a surrogate pair stands alone");
  std::uint32_t c = unit;
  if (low) c = 0x10000 + ((m_surrogate - 0xD800U) << 10) + (unit - 0xDC00U);
  m_surrogate = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
  if (m_surrogate == 0) append_utf8(m_buffer, c);
}

void XmlInput::narrow(std::string_view piece) {
  for (char c : piece) {
    m_odd.push_back(c);
    if (m_odd.size() < 2) continue;
    auto first = static_cast<unsigned char>(m_odd[0]), second = static_cast<unsigned char>(m_odd[1]);
    put_wide(static_cast<std::uint16_t>(m_big ? first << 8 | second : second << 8 | first));
    m_odd.clear();
  }
}

void XmlInput::take(std::string_view piece) {
  if (m_wide) return narrow(piece);
  m_buffer.append(m_odd);
  m_odd.clear();
  m_buffer.append(piece);
}

// One piece more behind what is there. False: the end.
bool XmlInput::pull() {
  if (m_ended) return false;
  if (m_piece.empty()) m_piece = m_source.next();
  std::string_view piece = m_piece.substr(0, most_taken);
  m_piece.remove_prefix(piece.size());
  m_ended = piece.empty();
  m_buffer.resize(m_filled);
  if (!m_opened) {
    // Two bytes tell the encoding; a source may give fewer.
    m_odd.append(piece);
    if (m_odd.size() >= 2 || m_ended) {
      std::string begun = std::move(m_odd);
      m_odd.clear();
      open(begun);
      take(begun);
    }
  } else if (!m_ended || !m_wide) {
    take(piece);
  }
  if (m_ended && (!m_odd.empty() || m_surrogate != 0)) bad(m_filled, "the text ends inside a character");
  m_filled = m_buffer.size();
  m_buffer.append(beyond, '\0');
  return !m_ended;
}

bool XmlInput::more(const char* keep) {
  auto kept = static_cast<std::size_t>(keep - m_buffer.data());
  line(keep);
  m_line += m_next_break;
  m_breaks.erase(m_breaks.begin(), m_breaks.begin() + static_cast<std::ptrdiff_t>(m_next_break));
  m_next_break = 0;
  m_buffer.erase(0, kept);
  m_before += kept;
  m_last -= kept;
  m_filled -= kept;
  // As much again as is kept, so that a long token is not looked at again and again.
  std::size_t before = m_last, wanted = m_filled + std::max(least_read, m_filled);
  while (m_last == before && !m_ended) {
    while (m_filled < wanted && pull()) continue;
    check();
  }
  return m_last > before;
}

// All that was filled in is looked at.
void XmlInput::check() {
  constexpr std::uint64_t ones = 0x0101010101010101ULL, tops = ones * 0x80;
  std::size_t at = m_last;
  while (at < m_filled) {
    std::uint64_t eight;
    std::memcpy(&eight, m_buffer.data() + at, 8);
    // Not a byte below 0x20 or beyond 0x7F among eight; the zeros at the end are below.
    std::uint64_t odd = ((eight - ones * 0x20) | eight) & tops;
    if (odd == 0) {
      at += 8;
      continue;
    }
    if constexpr (std::endian::native == std::endian::little) at += static_cast<std::size_t>(std::countr_zero(odd)) / 8;
    if (at >= m_filled) break;
    auto c = static_cast<unsigned char>(m_buffer[at]);
    if (c == '\n') m_breaks.push_back(m_before + at);
    if (c < 0x80) {
      if (!allowed(c)) throw Malformed("bad-character", "a character that XML does not allow", line(&m_buffer[at]));
      ++at;
      continue;
    }
    std::size_t size = check_sequence(at);
    if (size == 0) break;
    at += size;
  }
  // What may be half a character waits.
  m_last = std::min(at, m_filled);
  m_odd.assign(m_buffer, m_last, m_filled - m_last);
  m_filled = m_last;
  m_buffer.resize(m_filled);
  m_buffer.append(beyond, '\0');
}

// How long the character is that begins here; 0: its rest has not come yet.
std::size_t XmlInput::check_sequence(std::size_t at) {
  auto byte = [this](std::size_t i) { return static_cast<unsigned char>(m_buffer[i]); };
  unsigned first = byte(at);
  std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) bad(at, "bytes that are no UTF-8");
  std::uint32_t c = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if (at + i >= m_filled) {
      if (m_ended) bad(at, "the text ends inside a character");
      return 0;
    }
    if ((byte(at + i) & 0xC0) != 0x80) bad(at, "bytes that are no UTF-8");
    c = c << 6 | (byte(at + i) & 0x3FU);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < least[size] || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) bad(at, "bytes that are no UTF-8");
  if (!allowed(c)) throw Malformed("bad-character", "a character that XML does not allow", line(&m_buffer[at]));
  return size;
}

}  // namespace ooxml

// Three ways to an entry's bytes: as they are, unpacked at once (libdeflate, three times as fast), and unpacked piece
// by piece (zlib), for parts that are too big to be held. All of them end at the size that the entry tells, and compare
// size and checksum there.
#include "archive_inflate.hpp"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include "archive_directory.hpp"

namespace ooxml {

namespace {

constexpr std::size_t piece_bytes = 128 << 10;

[[noreturn]] void wrong_size() { throw Spoiled("wrong-size", "A part is not as long as the archive says it is."); }

[[noreturn]] void damaged() { throw Spoiled("damaged-data", "The packed bytes of a part are damaged."); }

// The packed bytes, piece by piece.
class Packed : public Source {
 public:
  Packed(const Bytes& bytes, const Entry& entry) : m_bytes(bytes), m_at(entry.offset), m_left(entry.packed) {}

  std::string_view next() override {
    m_room.resize(static_cast<std::size_t>(std::min<std::uint64_t>(m_left, piece_bytes)));
    m_bytes.read_all(m_at, m_room.data(), m_room.size());
    m_at += m_room.size();
    m_left -= m_room.size();
    return {m_room.data(), m_room.size()};
  }

 private:
  const Bytes& m_bytes;
  std::uint64_t m_at, m_left;
  std::vector<char> m_room;
};

// Counts what was given, and compares it with what the entry says.
class Measure {
 public:
  explicit Measure(const Entry& entry) : m_entry(entry) {}
  std::string_view pass(std::string_view piece) {
    m_checksum = libdeflate_crc32(m_checksum, piece.data(), piece.size());
    m_size += piece.size();
    if (m_size > m_entry.size) wrong_size();
    return piece;
  }
  std::string_view end() const {
    if (m_size != m_entry.size) wrong_size();
    if (m_checksum != m_entry.checksum)
      throw Spoiled("bad-checksum", "The checksum of a part is wrong: its bytes are not those that were packed.");
    return {};
  }

 private:
  const Entry& m_entry;
  std::uint64_t m_size = 0;
  std::uint32_t m_checksum = 0;
};

class Plain : public Source {
 public:
  Plain(const Bytes& bytes, const Entry& entry) : m_packed(bytes, entry), m_measure(entry) {}
  std::string_view next() override {
    const std::string_view piece = m_packed.next();
    return piece.empty() ? m_measure.end() : m_measure.pass(piece);
  }

 private:
  Packed m_packed;
  Measure m_measure;
};

class AtOnce : public Source {
 public:
  AtOnce(const Bytes& bytes, const Entry& entry) : m_bytes(bytes), m_entry(entry) {}

  std::string_view next() override {
    if (m_done) return {};
    m_done = true;
    std::vector<char> packed(static_cast<std::size_t>(m_entry.packed));
    m_bytes.read_all(m_entry.offset, packed.data(), packed.size());
    m_text.resize(static_cast<std::size_t>(m_entry.size));
    inflate_all(packed);
    Measure measure(m_entry);
    measure.pass(m_text);
    measure.end();
    return m_text;
  }

 private:
  void inflate_all(const std::vector<char>& packed) {
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    if (!inflater) throw std::bad_alloc();
    switch (libdeflate_deflate_decompress(inflater.get(), packed.data(), packed.size(), m_text.data(), m_text.size(),
                                          nullptr)) {
      case LIBDEFLATE_SUCCESS: return;
      case LIBDEFLATE_SHORT_OUTPUT:
      case LIBDEFLATE_INSUFFICIENT_SPACE: wrong_size();
      default: damaged();
    }
  }

  const Bytes& m_bytes;
  const Entry& m_entry;
  std::string m_text;
  bool m_done = false;
};

class InPieces : public Source {
 public:
  InPieces(const Bytes& bytes, const Entry& entry) : m_packed(bytes, entry), m_measure(entry), m_room(2 * piece_bytes) {
    if (inflateInit2(&m_stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~InPieces() override { inflateEnd(&m_stream); }
  InPieces(const InPieces&) = delete;
  InPieces& operator=(const InPieces&) = delete;

  std::string_view next() override {
    if (m_ended) return {};
    m_stream.next_out = reinterpret_cast<Bytef*>(m_room.data());
    m_stream.avail_out = static_cast<uInt>(m_room.size());
    int outcome = Z_OK;
    while (outcome == Z_OK && m_stream.avail_out > 0) outcome = step();
    m_ended = outcome == Z_STREAM_END;
    const std::string_view piece(m_room.data(), m_room.size() - m_stream.avail_out);
    m_measure.pass(piece);
    if (m_ended) m_measure.end();
    return piece;
  }

 private:
  int step() {
    if (m_stream.avail_in == 0) {
      const std::string_view piece = m_packed.next();
      if (piece.empty()) damaged();  // the stream does not end
      m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
      m_stream.avail_in = static_cast<uInt>(piece.size());
    }
    const int outcome = inflate(&m_stream, Z_NO_FLUSH);
    if (outcome != Z_OK && outcome != Z_STREAM_END) damaged();
    return outcome;
  }

  Packed m_packed;
  Measure m_measure;
  z_stream m_stream{};
  std::vector<char> m_room;
  bool m_ended = false;
};

class TextSource : public Source {
 public:
  explicit TextSource(std::string text) : m_text(std::move(text)) {}
  std::string_view next() override {
    if (m_done) return {};
    m_done = true;
    return m_text;
  }

 private:
  std::string m_text;
  bool m_done = false;
};

}  // namespace

std::unique_ptr<Source> unpack(const Bytes& bytes, const Entry& entry) {
  if (entry.method == stored) return std::make_unique<Plain>(bytes, entry);
  // What is packed is no longer than what it becomes, but for a few bytes of each block.
  if (entry.size <= whole_bytes && entry.packed <= 2 * whole_bytes) return std::make_unique<AtOnce>(bytes, entry);
  return std::make_unique<InPieces>(bytes, entry);
}

std::string beginning(const Bytes& bytes, const Entry& entry, std::size_t count) {
  char packed[512];
  const auto got = static_cast<std::size_t>(std::min<std::uint64_t>(sizeof packed, entry.packed));
  bytes.read_all(entry.offset, packed, got);
  if (entry.method == stored) return {packed, std::min(got, count)};
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  std::string text(count, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(packed);
  stream.avail_in = static_cast<uInt>(got);
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(count);
  inflate(&stream, Z_SYNC_FLUSH);
  text.resize(count - stream.avail_out);
  inflateEnd(&stream);
  return text;
}

std::unique_ptr<Source> as_packed(const Bytes& bytes, const Entry& entry) {
  return std::make_unique<Packed>(bytes, entry);
}

std::unique_ptr<Source> text_source(std::string text) { return std::make_unique<TextSource>(std::move(text)); }

}  // namespace ooxml

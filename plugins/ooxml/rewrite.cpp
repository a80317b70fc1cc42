// Writes zip files whose entries are whole before their directory: each header is written anew when sizes and checksum
// are known, so that there are no descriptors after the bytes, which some readers do not know.
#include "rewrite.hpp"

#include <sys/types.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "archive_directory.hpp"
#include "part_name.hpp"

namespace ooxml {

namespace {

constexpr std::uint16_t utf8_flag = 0x800, plain_version = 20, big_version = 45;
constexpr std::uint32_t first_day =
    0x00210000;  // 1980-01-01: when, does not matter, and the same text makes the same file
constexpr std::size_t room_bytes = 128 << 10;

void put(std::string& to, std::uint64_t value, std::size_t width) {
  for (; width > 0; --width, value >>= 8) to += static_cast<char>(value & 0xFF);
}

// A number in its short field, which says "too big" where another one has it.
void put_short(std::string& to, std::uint64_t value) { put(to, value >= most32 ? most32 : value, 4); }

class ZipOutput {
 public:
  explicit ZipOutput(int file) : m_file(file) {
    if (::ftruncate(file, 0) != 0) failed();
  }
  std::uint64_t at() const { return m_at; }
  void write(std::string_view bytes) {
    write_at(m_at, bytes);
    m_at += bytes.size();
  }
  void write_at(std::uint64_t at, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t done = ::pwrite(m_file, bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) failed();
      at += static_cast<std::uint64_t>(done);
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
  }
  void finish() {
    if (::fsync(m_file) != 0 && errno != EINVAL) failed();
  }

 private:
  [[noreturn]] static void failed() {
    throw Spoiled("unwritable", std::string("The new file cannot be written: ") + std::strerror(errno));
  }

  int m_file;
  std::uint64_t m_at = 0;
};

// What an entry's own header and the directory both say of it, beginning with the version that is needed.
std::string common(const Entry& entry, bool big, std::size_t extra) {
  std::string text;
  put(text, big ? big_version : plain_version, 2);
  put(text, entry.flags, 2);
  put(text, entry.method, 2);
  put(text, first_day, 4);
  put(text, entry.checksum, 4);
  put_short(text, big ? most32 : entry.packed);
  put_short(text, big ? most32 : entry.size);
  put(text, entry.name.size(), 2);
  put(text, extra, 2);
  return text;
}

// `big`: with room for sizes of any length.
std::string own_header(const Entry& entry, bool big) {
  std::string text("PK\3\4", 4);
  text += common(entry, big, big ? 20 : 0);
  text += entry.name;
  if (!big) return text;
  put(text, big_extra, 2);
  put(text, 16, 2);
  put(text, entry.size, 8);
  put(text, entry.packed, 8);
  return text;
}

std::string directory_record(const Entry& entry) {
  const bool big = entry.size >= most32 || entry.packed >= most32, far = entry.header >= most32;
  std::string extra;
  if (big || far) {
    put(extra, big_extra, 2);
    put(extra, (big ? 16 : 0) + (far ? 8 : 0), 2);
    if (big) put(extra, entry.size, 8);
    if (big) put(extra, entry.packed, 8);
    if (far) put(extra, entry.header, 8);
  }
  std::string text("PK\1\2", 4);
  put(text, big || far ? big_version : plain_version, 2);
  text += common(entry, big, extra.size());
  put(text, 0, 10);  // no comment, the first disk, nothing about the file on a disk
  put_short(text, entry.header);
  return text + entry.name + extra;
}

std::string end_records(std::uint64_t at, std::uint64_t bytes, std::uint64_t count) {
  std::string text;
  if (at >= most32 || bytes >= most32 || count >= most16) {
    text.assign("PK\6\6", 4);
    put(text, 44, 8);
    put(text, big_version, 2);
    put(text, big_version, 2);
    put(text, 0, 8);
    for (const std::uint64_t value : {count, count, bytes, at}) put(text, value, 8);
    text.append("PK\6\7", 4);
    put(text, 0, 4);
    put(text, at + bytes, 8);
    put(text, 1, 4);
  }
  text.append("PK\5\6", 4);
  put(text, 0, 4);
  for (int i = 0; i < 2; ++i) put(text, count >= most16 ? most16 : count, 2);
  put_short(text, bytes);
  put_short(text, at);
  put(text, 0, 2);
  return text;
}

class Deflater {
 public:
  Deflater() : m_room(room_bytes) {
    constexpr int memory = 8;
    if (deflateInit2(&m_stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, memory, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&m_stream); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  // An empty piece is the end.
  void pack(std::string_view piece, ZipOutput& output, Entry& entry) {
    do {
      const auto some = static_cast<uInt>(std::min<std::size_t>(piece.size(), 1U << 30));
      m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
      m_stream.avail_in = some;
      if (some > 0)  // of nothing at no place it gives what one begins with
        entry.checksum = static_cast<std::uint32_t>(crc32(entry.checksum, m_stream.next_in, some));
      entry.size += some;
      piece.remove_prefix(some);
      drain(some == 0 ? Z_FINISH : Z_NO_FLUSH, output, entry);
    } while (!piece.empty());
  }

 private:
  void drain(int how, ZipOutput& output, Entry& entry) {
    do {
      m_stream.next_out = reinterpret_cast<Bytef*>(m_room.data());
      m_stream.avail_out = static_cast<uInt>(m_room.size());
      deflate(&m_stream, how);
      const std::size_t count = m_room.size() - m_stream.avail_out;
      output.write({m_room.data(), count});
      entry.packed += count;
    } while (m_stream.avail_out == 0);
  }

  z_stream m_stream{};
  std::vector<char> m_room;
};

class Rewriter {
 public:
  Rewriter(const Archive& archive, const Changes& changes, int to)
      : m_archive(archive), m_changes(changes), m_output(to) {}

  void run() {
    std::set<std::string> done;
    for (std::size_t i = 0; i < m_archive.entries().size(); ++i) {
      const Entry& entry = m_archive.entries()[i];
      if (entry.spoiled || entry.folder || m_changes.without.contains(entry.name)) continue;
      const auto changed = m_changes.parts.find(entry.name);
      if (changed == m_changes.parts.end()) {
        copy(i);
      } else {
        write_new(changed->first, changed->second);
        done.insert(entry.name);
      }
    }
    for (const auto& [name, source] : m_changes.parts)
      if (!done.contains(name) && !m_changes.without.contains(name)) write_new(name, source);
    write_directory();
    m_output.finish();
  }

 private:
  void copy(std::size_t i) {
    Entry entry = m_archive.entries()[i];
    entry.flags = static_cast<std::uint16_t>(entry.flags & ~descriptor_flag);
    entry.header = m_output.at();
    m_output.write(own_header(entry, entry.size >= most32 || entry.packed >= most32));
    const auto source = m_archive.packed(i);
    for (std::string_view piece = source->next(); !piece.empty(); piece = source->next()) m_output.write(piece);
    m_entries.push_back(std::move(entry));
  }

  void write_new(const std::string& name, const std::function<std::unique_ptr<Source>()>& open) {
    if (unsafe_name(name) || name.size() > most16)
      throw Spoiled("unsafe-path", "A new part has a name that leads astray.");
    Entry entry;
    entry.name = name;
    entry.flags = proper_name(name) ? 0 : utf8_flag;
    entry.method = deflated;
    entry.header = m_output.at();
    m_output.write(own_header(entry, false));
    Deflater deflater;
    const auto source = open();
    for (std::string_view piece = source->next(); !piece.empty(); piece = source->next())
      deflater.pack(piece, m_output, entry);
    deflater.pack({}, m_output, entry);
    if (entry.size >= most32 || entry.packed >= most32)
      throw Spoiled("limit-exceeded", "A new part is bigger than 4 GiB.");  // its header has no room for that
    m_output.write_at(entry.header, own_header(entry, false));
    m_entries.push_back(std::move(entry));
  }

  void write_directory() {
    const std::uint64_t at = m_output.at();
    for (const auto& entry : m_entries) m_output.write(directory_record(entry));
    m_output.write(end_records(at, m_output.at() - at, m_entries.size()));
  }

  const Archive& m_archive;
  const Changes& m_changes;
  ZipOutput m_output;
  std::vector<Entry> m_entries;
};

}  // namespace

void rewrite(const Archive& archive, const Changes& changes, int to) { Rewriter(archive, changes, to).run(); }

}  // namespace ooxml

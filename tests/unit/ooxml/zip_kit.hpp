// Zip files for tests, made byte by byte: right ones, and wrong in whatever way a test asks for.
#pragma once

#include <libdeflate.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "archive.hpp"
#include "package.hpp"

namespace kit {

inline std::string deflate(const std::string& text) {
  libdeflate_compressor* packer = libdeflate_alloc_compressor(6);
  std::string packed(libdeflate_deflate_compress_bound(packer, text.size()), '\0');
  packed.resize(libdeflate_deflate_compress(packer, text.data(), text.size(), packed.data(), packed.size()));
  libdeflate_free_compressor(packer);
  return packed;
}

inline std::uint32_t checksum(const std::string& text) { return libdeflate_crc32(0, text.data(), text.size()); }

inline std::string bytes(std::uint64_t value, int width) {
  std::string text;
  for (; width > 0; --width, value >>= 8) text += static_cast<char>(value & 0xFF);
  return text;
}

// One entry: what the directory says, and what its own header does.
struct Said {
  std::string name;
  std::uint16_t flags = 0, method = 8;
  std::uint32_t checksum = 0;
  std::uint64_t packed = 0, size = 0;
};

struct File {
  Said directory, header;
  std::string data;   // packed
  std::string after;  // a descriptor
  std::uint64_t at = 0;
  bool moved = false;  // `at` is where the directory says it lies, whatever is true
};

inline File file(const std::string& name, const std::string& text, bool packed = true) {
  File one;
  one.data = packed ? deflate(text) : text;
  const auto method = static_cast<std::uint16_t>(packed ? 8 : 0);
  one.directory = {name, 0, method, checksum(text), one.data.size(), text.size()};
  one.header = one.directory;
  return one;
}

inline std::string said(const Said& one, std::size_t extra) {
  return bytes(20, 2) + bytes(one.flags, 2) + bytes(one.method, 2) + bytes(0x210000, 4) + bytes(one.checksum, 4) +
         bytes(std::min<std::uint64_t>(one.packed, 0xFFFFFFFF), 4) +
         bytes(std::min<std::uint64_t>(one.size, 0xFFFFFFFF), 4) + bytes(one.name.size(), 2) + bytes(extra, 2);
}

struct Zip {
  std::vector<File> files{};
  std::string comment{};
  int more = 0;  // entries that the end record claims beyond those there are

  std::string text() const {
    std::string all, directory;
    for (const auto& one : files) {
      const std::uint64_t at = one.moved ? one.at : all.size();
      all += "PK\3\4" + said(one.header, 0) + one.header.name + one.data + one.after;
      std::string extra;
      if (one.directory.size >= 0xFFFFFFFF) extra += bytes(one.directory.size, 8);
      if (one.directory.packed >= 0xFFFFFFFF) extra += bytes(one.directory.packed, 8);
      if (!extra.empty()) extra = bytes(1, 2) + bytes(extra.size(), 2) + extra;
      directory += "PK\1\2" + bytes(20, 2) + said(one.directory, extra.size()) + bytes(0, 10) + bytes(at, 4);
      directory += one.directory.name + extra;
    }
    const auto count = static_cast<std::uint64_t>(static_cast<int>(files.size()) + more);
    const std::string end = "PK\5\6" + bytes(0, 4) + bytes(count, 2) + bytes(count, 2) + bytes(directory.size(), 4) +
                            bytes(all.size(), 4) + bytes(comment.size(), 2);
    return all + directory + end + comment;
  }
};

// A file that has no name, with this in it.
class Temporary {
 public:
  explicit Temporary(const std::string& text = "") : m_file(::memfd_create("zip", MFD_CLOEXEC)) {
    if (::pwrite(m_file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) std::abort();
  }
  ~Temporary() { ::close(m_file); }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  int get() const { return m_file; }
  void cut(std::uint64_t size) const {
    if (::ftruncate(m_file, static_cast<off_t>(size)) != 0) std::abort();
  }

 private:
  int m_file;
};

inline std::string all_of(ooxml::Source& source) {
  std::string text;
  for (std::string_view piece = source.next(); !piece.empty(); piece = source.next()) text += piece;
  return text;
}

// The codes of what was found, sorted, each once.
inline std::vector<std::string> codes(const ooxml::Findings& findings) {
  std::vector<std::string> all;
  for (const auto& one : findings.kept()) all.push_back(one.code);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// What happens where something spoiled is read.
template <class Do>
std::string spoiled(Do&& run) {
  try {
    run();
  } catch (const ooxml::Spoiled& spoiled) {
    return spoiled.code;
  }
  return "";
}

}  // namespace kit

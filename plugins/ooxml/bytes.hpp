// Bytes that can be read at any place: of a file, or of a text that is there. Reading is by position and never by a
// mapping, as a file may become shorter while we read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ooxml {

class Bytes {
 public:
  virtual ~Bytes() = default;
  virtual std::uint64_t size() const = 0;  // as it was when it was opened
  // How many there were: fewer than asked for only at the end. Throws `Spoiled` where the file cannot be read.
  virtual std::size_t read(std::uint64_t at, char* to, std::size_t count) const = 0;
  // All of them. Throws `Spoiled` ("truncated") where there are fewer.
  void read_all(std::uint64_t at, char* to, std::size_t count) const;
};

// Keeps a descriptor of its own of the same file. Throws `Spoiled`.
std::unique_ptr<Bytes> file_bytes(int file);
std::unique_ptr<Bytes> text_bytes(std::string text);

// Numbers as zip and compound files write them: the lowest byte first.
constexpr std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  while (width-- > 0) value = value << 8 | static_cast<unsigned char>(bytes[at + width]);
  return value;
}
constexpr std::uint16_t number16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(number(bytes, at, 2));
}
constexpr std::uint32_t number32(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(number(bytes, at, 4));
}
constexpr std::uint64_t number64(std::string_view bytes, std::size_t at) { return number(bytes, at, 8); }

}  // namespace ooxml

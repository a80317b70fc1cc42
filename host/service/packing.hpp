// Numbers and texts packed into bytes and read back: what the host and processes of its own program say to each other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace berth::service {

class Packer {
 public:
  Packer& number(std::uint64_t value);
  Packer& text(std::string_view value);
  std::string done() { return std::move(m_bytes); }

 private:
  std::string m_bytes;
};

// Reads what a Packer wrote, with suspicion: past the end everything is empty, and good() says so.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : m_rest(bytes) {}
  std::uint64_t number();
  std::string text();
  bool good() const { return m_good; }
  bool done() const { return m_good && m_rest.empty(); }

 private:
  std::string_view take(std::size_t count);
  std::string_view m_rest;
  bool m_good = true;
};

}  // namespace berth::service

// What a worker's pipe holds, cut at the marks that say what came before what. Forged and broken marks are data, or a
// wrong order: never more than that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kernel {

struct Piece {
  std::uint64_t number = 0;
  std::string bytes;
};

class MarkReader {
 public:
  explicit MarkReader(const std::string& token) : m_begin("\x1e" + token + ":") {}
  // Appends the pieces of what was read; what may be the begin of a mark is kept for the next time.
  void feed(std::string_view bytes, std::vector<Piece>& pieces);
  // What was kept, after all: data.
  std::string take_rest();
  std::uint64_t number() const { return m_number; }  // of what comes next

 private:
  static constexpr std::size_t digits = 16;
  std::size_t length() const { return m_begin.size() + digits + 1; }
  // How many bytes at the end may be the begin of a mark.
  std::size_t begun(std::string_view bytes) const;
  bool read_number(std::string_view mark);

  const std::string m_begin;
  std::string m_rest;
  std::uint64_t m_number = 0;
};

}  // namespace kernel

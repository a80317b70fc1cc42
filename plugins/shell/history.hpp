// The last of what a terminal showed, for whoever comes later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shell {

class History {
 public:
  explicit History(std::size_t most) : m_most(most) {}
  void add(std::string_view bytes);
  std::uint64_t begin() const { return m_begin; }  // places are counted from the first byte that ever came
  std::uint64_t end() const { return m_begin + m_bytes.size(); }
  std::string_view from(std::uint64_t place) const;  // place: begin() to end()

 private:
  const std::size_t m_most;
  std::string m_bytes;
  std::uint64_t m_begin = 0;
};

}  // namespace shell

// What a program wrote: all of it, or its begin and its end with a note between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shell {

class Kept {
 public:
  explicit Kept(std::size_t most) : m_half(most / 2) {}
  void add(std::string_view bytes);
  std::uint64_t total() const { return m_total; }  // bytes that came
  bool cut() const { return m_total > m_head.size() + m_tail.size(); }
  std::string text() const;

 private:
  const std::size_t m_half;
  std::string m_head, m_tail;
  std::uint64_t m_total = 0;
};

}  // namespace shell

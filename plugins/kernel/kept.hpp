// Text of which the begin and the end are kept when there is too much of it; what falls out between goes to whoever
// wants it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace kernel {

class Kept {
 public:
  using Out = std::function<void(std::string_view)>;
  explicit Kept(std::size_t most, Out out = {}) : m_most(most), m_out(std::move(out)) {}
  void add(std::string_view bytes);
  bool cut() const { return m_left_out > 0; }
  std::uint64_t left_out() const { return m_left_out; }
  // With `instead` between the two parts, if anything is missing there.
  std::string text(std::string_view instead) const;

 private:
  std::size_t m_most;
  Out m_out;
  std::string m_head, m_tail;
  std::uint64_t m_left_out = 0;
};

// The whole characters of what has come; those that are cut are kept for the next time.
class Whole {
 public:
  std::string add(std::string_view bytes);
  std::string rest() { return std::exchange(m_rest, {}); }

 private:
  std::string m_rest;
};

}  // namespace kernel

// The shared strings of a workbook, of which a cell knows the number: kept one after the other, the first megabytes in
// memory and the rest in a file without a name, so that no workbook fills the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xlsx {

class Strings {
 public:
  static constexpr std::size_t usual_memory = 24u << 20;
  explicit Strings(std::size_t memory = usual_memory) : m_memory(memory) {}
  ~Strings();
  Strings(const Strings&) = delete;

  // Throws std::runtime_error where no file can hold what does not fit.
  void add(std::string_view text);
  std::size_t size() const { return m_count; }
  std::uint64_t bytes() const { return m_filed + m_text.size(); }
  // Good until the next call; of a number that there is not, nothing.
  std::string_view at(std::size_t number);

 private:
  static constexpr std::size_t step = 16;  // of so many the place of the first is known
  std::string_view bytes_at(std::uint64_t from, std::size_t size);
  std::uint64_t length_at(std::uint64_t& from);
  void spill();

  const std::size_t m_memory;
  std::string m_text;                   // length, bytes, length, bytes, … from m_filed on
  std::vector<std::uint64_t> m_places;  // of each sixteenth
  std::uint64_t m_filed = 0;            // bytes that are in the file
  std::size_t m_count = 0;
  int m_file = -1;
  std::string m_window;  // a part of the file
  std::uint64_t m_window_at = 0;
};

}  // namespace xlsx

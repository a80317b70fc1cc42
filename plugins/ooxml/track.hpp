// Where a reader stands: the elements that are open, each counted among its brothers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "look.hpp"
#include "tables.hpp"

namespace ooxml {

class Track : public Handler, public Position {
 public:
  Track(const Tables& tables, Handler& next) : m_tables(tables), m_next(next) {}

  void start(const Start& element) override;
  void text(std::string_view text) override { m_next.text(text); }
  void end(const Start& element) override {
    m_next.end(element);
    --m_depth;
  }

  void broken() override { m_end = path(); }

  std::string path() const override { return m_end.empty() ? path(m_depth) : m_end; }
  std::string path(std::size_t depth) const override;
  std::size_t line() const override { return m_depth == 0 ? 0 : m_levels[m_depth].line; }
  std::uint64_t offset() const { return m_offset; }

 private:
  // An element that is open, and how many children of each name it has had.
  struct Level {
    std::string_view prefix, local;
    std::uint16_t space = Name::unknown;
    std::uint32_t index = 0;
    std::size_t line = 0;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> counts;
    std::size_t last = 0;                                   // which of them was counted last
    std::unordered_map<std::uint64_t, std::uint32_t> many;  // where there are too many names to look through
  };
  std::uint32_t count(Level& parent, std::uint64_t key);

  const Tables& m_tables;
  Handler& m_next;
  std::vector<Level> m_levels{1};  // the first is the part itself
  std::size_t m_depth = 0;
  std::uint64_t m_offset = 0;
  std::string m_end;  // where the text broke off: the names are the reader's, which is gone then
};

}  // namespace ooxml

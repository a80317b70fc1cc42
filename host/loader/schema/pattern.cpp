// Makes a program out of a pattern's tree and runs it on a text, in the manner of Thompson: all the places where a
// match may be are followed at once, each at most once a character.
#include "loader/schema/pattern.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "loader/schema/pattern_tree.hpp"
#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using service::Result;

namespace {

constexpr std::size_t longest_program = 4000;

struct Point {
  char32_t value = 0;
  std::size_t size = 0;  // 0: the end of the text
};

// Bytes that are not UTF-8 count as one character each.
Point point_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  const std::size_t length = service::utf8_length(text.substr(at));
  if (length < 2) return {first, 1};
  static constexpr std::array<unsigned char, 5> mask{0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t value = first & mask[length];
  for (std::size_t i = 1; i < length; ++i) value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fu);
  return {value, length};
}

bool is_word(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 'a' && c <= 'z');
}

bool in(const Pattern::Ranges& ranges, char32_t c) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), c, [](char32_t v, const auto& r) { return v < r.first; });
  return after != ranges.begin() && c <= std::prev(after)->second;
}

// Places in a program, each at most once, forgotten all at once.
class Places {
 public:
  explicit Places(std::size_t size) : m_seen(size, 0) { m_list.reserve(size); }
  bool add(std::uint32_t place) {
    if (m_seen[place] == m_round) return false;
    m_seen[place] = m_round;
    return true;
  }
  void keep(std::uint32_t place) { m_list.push_back(place); }
  const std::vector<std::uint32_t>& list() const { return m_list; }
  void clear() {
    m_list.clear();
    ++m_round;
  }

 private:
  std::vector<std::uint64_t> m_seen;
  std::vector<std::uint32_t> m_list;
  std::uint64_t m_round = 1;
};

class Run {
 public:
  using Code = Pattern::Code;
  Run(const std::vector<Pattern::Instruction>& program, const std::vector<Pattern::Ranges>& ranges,
      std::string_view text)
      : m_program(program), m_ranges(ranges), m_text(text), m_now(program.size()) {}

  bool matches() {
    char32_t before = 0;
    for (std::size_t at = 0;;) {
      const Point here = point_at(m_text, at);
      const Border border{at == 0, here.size == 0, at > 0 && is_word(before), here.size > 0 && is_word(here.value)};
      m_now.clear();
      for (const auto place : m_waiting) follow(place, border);
      follow(0, border);  // a match may begin anywhere
      if (m_found) return true;
      if (here.size == 0 || m_steps > Pattern::most_steps) return false;
      step(here.value);
      before = here.value;
      at += here.size;
    }
  }

 private:
  struct Border {
    bool begin, end, word_before, word_after;
  };

  bool holds(Code code, const Border& border) const {
    switch (code) {
      case Code::begin: return border.begin;
      case Code::end: return border.end;
      case Code::word_border: return border.word_before != border.word_after;
      case Code::no_word_border: return border.word_before == border.word_after;
      default: return true;
    }
  }

  // All that can be reached from a place without taking a character.
  void follow(std::uint32_t from, const Border& border) {
    m_stack.push_back(from);
    while (!m_stack.empty()) {
      const std::uint32_t place = m_stack.back();
      m_stack.pop_back();
      if (!m_now.add(place)) continue;
      ++m_steps;
      const auto& instruction = m_program[place];
      switch (instruction.code) {
        case Code::match: m_found = true; break;
        case Code::one_of: m_now.keep(place); break;
        case Code::fork: m_stack.push_back(instruction.other); [[fallthrough]];
        case Code::jump: m_stack.push_back(instruction.next); break;
        default:
          if (holds(instruction.code, border)) m_stack.push_back(place + 1);
      }
    }
  }

  void step(char32_t c) {
    m_waiting.clear();
    for (const auto place : m_now.list()) {
      if (in(m_ranges[m_program[place].other], c)) m_waiting.push_back(place + 1);
    }
  }

  const std::vector<Pattern::Instruction>& m_program;
  const std::vector<Pattern::Ranges>& m_ranges;
  std::string_view m_text;
  Places m_now;
  std::vector<std::uint32_t> m_waiting, m_stack;
  std::uint64_t m_steps = 0;
  bool m_found = false;
};

}  // namespace

class PatternMaker {
 public:
  Result<Pattern> run(const PatternTree& tree, std::string_view text) {
    add(tree);
    emit(Pattern::Code::match);
    if (m_pattern.m_program.size() <= longest_program) return std::move(m_pattern);
    return Error{500, "bad_pattern",
                 "the pattern " + service::json_quote(text.substr(0, 200)) +
                     " is too large once its repetitions are written out"};
  }

 private:
  using Code = Pattern::Code;
  using What = PatternTree::What;

  std::uint32_t here() const { return static_cast<std::uint32_t>(m_pattern.m_program.size()); }
  std::uint32_t emit(Code code) {
    m_pattern.m_program.push_back({code});
    return here() - 1;
  }
  bool full() const { return m_pattern.m_program.size() > longest_program; }

  void add(const PatternTree& tree) {
    if (full()) return;
    switch (tree.what) {
      case What::sequence:
        for (const auto& part : tree.parts) add(part);
        break;
      case What::choice: add_choice(tree); break;
      case What::repeat: add_repeat(tree); break;
      case What::one_of: m_pattern.m_program[emit(Code::one_of)].other = place_of(tree.ranges); break;
      case What::border: emit(tree.border); break;
    }
  }

  std::uint32_t place_of(const Pattern::Ranges& ranges) {
    auto& all = m_pattern.m_ranges;
    const auto known = std::find(all.begin(), all.end(), ranges);
    const auto place = static_cast<std::uint32_t>(known - all.begin());
    if (known == all.end()) all.push_back(ranges);
    return place;
  }

  void add_choice(const PatternTree& tree) {
    std::vector<std::uint32_t> exits;
    for (std::size_t i = 0; i + 1 < tree.parts.size(); ++i) {
      const auto fork = emit(Code::fork);
      m_pattern.m_program[fork].next = here();
      add(tree.parts[i]);
      exits.push_back(emit(Code::jump));
      m_pattern.m_program[fork].other = here();
    }
    add(tree.parts.back());
    for (const auto exit : exits) m_pattern.m_program[exit].next = here();
  }

  void add_repeat(const PatternTree& tree) {
    const PatternTree& part = tree.parts.front();
    const auto start = here();
    for (unsigned i = 0; i < tree.least && !full(); ++i) {
      add(part);
      if (here() == start) return;  // nothing, however often
    }
    if (tree.most == PatternTree::endless) {
      const auto fork = emit(Code::fork);
      m_pattern.m_program[fork].next = here();
      add(part);
      m_pattern.m_program[emit(Code::jump)].next = fork;
      m_pattern.m_program[fork].other = here();
      return;
    }
    std::vector<std::uint32_t> forks;
    for (unsigned i = tree.least; i < tree.most && !full(); ++i) {
      forks.push_back(emit(Code::fork));
      m_pattern.m_program[forks.back()].next = here();
      add(part);
    }
    for (const auto fork : forks) m_pattern.m_program[fork].other = here();
  }

  Pattern m_pattern;
};

Result<Pattern> Pattern::compile(std::string_view text) {
  auto tree = read_pattern(text);
  if (!tree) return tree.error();
  return PatternMaker().run(*tree, text);
}

bool Pattern::matches(std::string_view text) const { return Run(m_program, m_ranges, text).matches(); }

}  // namespace berth::loader

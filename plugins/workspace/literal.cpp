// A glance is not a parser: whatever is not plainly a text that must be there ends it.
#include "literal.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstdint>
#include <cstring>

namespace workspace {

namespace {

// The commonest first, in prose and in programs; what is not in it is rarer still.
constexpr std::string_view common = " etrnaoislcdu_m.pf,h()=;g\"by-/0:v1'wk2>x<*{}345678#9[]TESjzqIRACNOLDPMF";

std::size_t rarity(char c) { return std::min(common.find(c), common.size()); }

constexpr auto npos = std::string_view::npos;

// Sixteen bytes at a time, in the machine's own registers.
using Block = unsigned char __attribute__((vector_size(16)));

Block load(const char* from) {
  Block block;
  std::memcpy(&block, from, sizeof block);
  return block;
}

Block block_of(char c) { return Block{} + static_cast<unsigned char>(c); }

// Which lanes of a comparison hold, the first one first.
template <class Lanes>
class Holding {
 public:
  explicit Holding(const Lanes& lanes) { std::memcpy(m_halves, &lanes, sizeof m_halves); }
  bool any() const { return (m_halves[0] | m_halves[1]) != 0; }
  std::size_t take() {
    static_assert(std::endian::native == std::endian::little);
    const std::size_t half = m_halves[0] == 0;
    const auto lane = static_cast<std::size_t>(std::countr_zero(m_halves[half])) / 8;
    m_halves[half] &= ~(std::uint64_t{0xff} << (lane * 8));
    return half * 8 + lane;
  }

 private:
  std::uint64_t m_halves[2];
};

// Once in so many bytes, or more often, after a fair try.
bool is_often(std::size_t misses, std::size_t bytes, std::size_t rare) {
  return misses >= 16 && misses * rare >= bytes;
}

class Glance {
 public:
  explicit Glance(std::string_view expression) : m_rest(expression) {}

  std::string run() {
    while (!m_rest.empty())
      if (!one(m_rest[0])) return {};
    end_run();
    return std::move(m_best);
  }

 private:
  bool one(char c) {
    switch (c) {
      case '|': return m_depth > 0 && step(1);
      case '(': return m_rest.substr(0, 2) != "(?" && (++m_depth, step(1));
      case ')': return m_depth-- > 0 && step(1);
      case '[': return step(class_size());
      case '\\': return escape();
      case '*':
      case '?': return drop_last(), step(1);
      case '{': return drop_last(), step(repetition_size());
      case '+':
      case '.':
      case '^':
      case '$': return step(1);
      default: return literal(c, 1);
    }
  }
  // Past what is no text. False, for a size of 0: it is not understood.
  bool step(std::size_t size) {
    end_run();
    m_rest.remove_prefix(std::min(size, m_rest.size()));
    return size > 0;
  }
  bool literal(char c, std::size_t size) {
    if (m_depth == 0) m_run += c;
    m_rest.remove_prefix(size);
    return true;
  }
  bool escape() {
    if (m_rest.size() < 2) return false;
    const char c = m_rest[1];
    if (std::ispunct(static_cast<unsigned char>(c)) != 0) return literal(c, 2);
    return std::string_view("bBdDsSwWtnrfv").find(c) != std::string_view::npos && step(2);
  }
  std::size_t class_size() const {
    std::size_t at = m_rest.substr(0, 2) == "[^" ? 2 : 1;
    for (bool first = true; at < m_rest.size(); first = false) {
      if (m_rest[at] == ']' && !first) return at + 1;
      if (m_rest[at] == '[') return 0;  // perhaps a class by name
      at += m_rest[at] == '\\' ? 2 : 1;
    }
    return 0;
  }
  std::size_t repetition_size() const {
    const auto end = m_rest.find_first_not_of("0123456789,", 1);
    return end != std::string_view::npos && end > 1 && m_rest[end] == '}' ? end + 1 : 0;
  }
  // The last character need not be there.
  void drop_last() {
    while (!m_run.empty()) {
      const auto byte = static_cast<unsigned char>(m_run.back());
      m_run.pop_back();
      if ((byte & 0xc0) != 0x80) break;
    }
  }
  void end_run() {
    if (m_run.size() > m_best.size()) m_best = m_run;
    m_run.clear();
  }

  std::string_view m_rest;
  std::string m_run, m_best;
  unsigned m_depth = 0;
};

}  // namespace

std::string required_text(std::string_view expression) { return Glance(expression).run(); }

// Without its rarest byte nothing is looked at. Where that one is not so rare here, two others must be there, too;
// and where that does not help, time is bounded.
Literal::Literal(std::string text) : m_text(std::move(text)) {
  for (std::size_t i = 1; i < m_text.size(); ++i)
    if (rarity(m_text[i]) > rarity(m_text[m_rarest])) m_rarest = i;
  m_second = m_rarest;
  for (std::size_t i = 0; i < m_text.size(); ++i) {
    if (m_text[i] == m_text[m_rarest]) continue;
    if (m_second == m_rarest || rarity(m_text[i]) > rarity(m_text[m_second])) m_second = i;
  }
  m_third = farthest();
}

std::size_t Literal::farthest() const {
  const auto apart = [](std::size_t one, std::size_t other) { return one < other ? other - one : one - other; };
  std::size_t best = 0, most = 0;
  for (std::size_t i = 0; i < m_text.size(); ++i) {
    const std::size_t here = std::min(apart(i, m_rarest), apart(i, m_second));
    if (here >= most) best = i, most = here;
  }
  return best;
}

std::size_t Literal::find(std::string_view in, std::size_t from) const {
  if (in.size() < m_text.size() || from > in.size() - m_text.size()) return npos;
  const char* const begin = in.data() + from;
  const char* const end = in.data() + in.size() - m_text.size() + m_rarest + 1;
  std::size_t misses = 0;
  for (const char* at = begin + m_rarest; at < end; ++at) {
    at = static_cast<const char*>(std::memchr(at, m_text[m_rarest], static_cast<std::size_t>(end - at)));
    if (!at) return npos;
    if (is_at(at - m_rarest)) return static_cast<std::size_t>(at - m_rarest - in.data());
    if (is_often(++misses, static_cast<std::size_t>(at - begin), 256))
      return find_by_three(in, static_cast<std::size_t>(at - m_rarest + 1 - in.data()));
  }
  return npos;
}

// Four blocks at a time: mostly none has the three bytes, and one test tells.
std::size_t Literal::find_by_three(std::string_view in, std::size_t from) const {
  constexpr std::size_t stride = 4 * sizeof(Block);
  const Block rarest = block_of(m_text[m_rarest]), second = block_of(m_text[m_second]),
              third = block_of(m_text[m_third]);
  const auto has = [&](std::size_t at) {
    return (load(in.data() + at + m_rarest) == rarest) & (load(in.data() + at + m_second) == second) &
           (load(in.data() + at + m_third) == third);
  };
  const std::size_t last = in.size() - m_text.size();  // where it may begin
  std::size_t misses = 0, at = from;
  for (; m_second != m_rarest && at + stride <= last + 1; at += stride) {
    const decltype(has(at)) four[] = {has(at), has(at + 16), has(at + 32), has(at + 48)};
    if (!Holding((four[0] | four[1]) | (four[2] | four[3])).any()) continue;
    for (std::size_t i = 0; i < 4; ++i)
      for (Holding holding(four[i]); holding.any(); ++misses) {
        const std::size_t start = at + i * sizeof(Block) + holding.take();
        if (is_at(in.data() + start)) return start;
      }
    if (is_often(misses, at - from, 4)) break;
  }
  if (at > last) return npos;
  const auto* found = static_cast<const char*>(::memmem(in.data() + at, in.size() - at, m_text.data(), m_text.size()));
  return found ? static_cast<std::size_t>(found - in.data()) : npos;
}

// Most that is like it differs at an end.
bool Literal::is_at(const char* at) const {
  return at[0] == m_text.front() && at[m_text.size() - 1] == m_text.back() &&
         std::memcmp(at, m_text.data(), m_text.size()) == 0;
}

// A comparison's lanes are -1 where it holds; 255 of them fit into a byte.
std::size_t count_newlines(std::string_view text) {
  constexpr std::size_t most = 255;
  const Block newline = block_of('\n');
  std::size_t count = 0, at = 0;
  while (at + sizeof(Block) <= text.size()) {
    Block sum{};
    const std::size_t end = at + std::min((text.size() - at) / sizeof(Block), most) * sizeof(Block);
    for (; at < end; at += sizeof(Block)) sum -= reinterpret_cast<Block>(load(text.data() + at) == newline);
    for (std::size_t i = 0; i < sizeof(Block); ++i) count += sum[i];
  }
  return count + static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), '\n'));
}

}  // namespace workspace

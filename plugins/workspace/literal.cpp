// A glance is not a parser: whatever is not plainly a text that must be there ends it.
#include "literal.hpp"

#include <algorithm>
#include <bitset>
#include <cctype>
#include <cstdint>
#include <cstring>

namespace workspace {

namespace {

// The commonest first, in prose and in programs; what is not in it is rarer still.
constexpr std::string_view common = " etrnaoislcdu_m.pf,h()=;g\"by-/0:v1'wk2>x<*{}345678#9[]TESjzqIRACNOLDPMF";

std::size_t rarity(char c) { return std::min(common.find(c), common.size()); }

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

Literal::Literal(std::string text) : m_text(std::move(text)) {
  for (std::size_t i = 1; i < m_text.size(); ++i)
    if (rarity(m_text[i]) > rarity(m_text[m_rarest])) m_rarest = i;
}

std::size_t Literal::find(std::string_view in, std::size_t from) const {
  constexpr auto npos = std::string_view::npos;
  if (in.size() < m_text.size() || from > in.size() - m_text.size()) return npos;
  const char* const begin = in.data() + from;
  const char* const end = in.data() + in.size() - m_text.size() + m_rarest + 1;
  std::size_t misses = 0;
  for (const char* at = begin + m_rarest; at < end; ++at) {
    at = static_cast<const char*>(std::memchr(at, m_text[m_rarest], static_cast<std::size_t>(end - at)));
    if (!at) return npos;
    const char* const start = at - m_rarest;
    if (std::memcmp(start, m_text.data(), m_text.size()) == 0) return static_cast<std::size_t>(start - in.data());
    // Not so rare here.
    if (++misses < 64 || misses * 32 < static_cast<std::size_t>(at - begin)) continue;
    const char* const next = start + 1;
    const auto left = static_cast<std::size_t>(in.data() + in.size() - next);
    const auto* found = static_cast<const char*>(::memmem(next, left, m_text.data(), m_text.size()));
    return found ? static_cast<std::size_t>(found - in.data()) : npos;
  }
  return npos;
}

// Eight bytes at a time: a byte that is none of the newline's leaves no high bit.
std::size_t count_newlines(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101, low = 0x7f * ones;
  std::size_t count = 0, at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    word ^= ones * '\n';
    const std::uint64_t none = ~(((word & low) + low) | word | low);
    count += std::bitset<64>(none).count();
  }
  return count + static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), '\n'));
}

}  // namespace workspace

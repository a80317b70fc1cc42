// A criterion is read once and held against many cells.
#include "criteria.hpp"

#include "../convert.hpp"
#include "../letters.hpp"

namespace xlsx::calc {

bool has_wildcards(std::string_view text) { return text.find_first_of("*?~") != std::string_view::npos; }

// With one way back: to the last star.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, retry = 0;
  const auto literal = [&](std::size_t& at) {
    if (pattern[at] == '~' && at + 1 < pattern.size() &&
        (pattern[at + 1] == '*' || pattern[at + 1] == '?' || pattern[at + 1] == '~'))
      ++at;
    return lower(next_character(pattern, at));
  };
  while (t < text.size()) {
    std::size_t after_p = p, after_t = t;
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      retry = t;
      continue;
    }
    const char32_t character = lower(next_character(text, after_t));
    if (p < pattern.size() && pattern[p] == '?')
      ++p, t = after_t;
    else if (p < pattern.size() && literal(after_p) == character)
      p = after_p, t = after_t;
    else if (star != std::string_view::npos) {
      p = star;
      next_character(text, retry);
      t = retry;
    } else
      return false;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Criterion::Criterion(const Value& wanted) : m_wanted(wanted) {
  if (wanted.blank()) m_wanted = 0;  // as what a formula sees of an empty cell
  if (!wanted.is(Type::text)) return;
  std::string_view text = wanted.text();
  bool signed_one = true;
  if (text.starts_with("<>"))
    m_sign = Sign::unequal, text.remove_prefix(2);
  else if (text.starts_with("<="))
    m_sign = Sign::less_equal, text.remove_prefix(2);
  else if (text.starts_with(">="))
    m_sign = Sign::greater_equal, text.remove_prefix(2);
  else if (text.starts_with('<'))
    m_sign = Sign::less, text.remove_prefix(1);
  else if (text.starts_with('>'))
    m_sign = Sign::greater, text.remove_prefix(1);
  else if (text.starts_with('='))
    text.remove_prefix(1);
  else
    signed_one = false;
  if (text.empty()) {
    m_blank = true;  // "=" and "<>": the empty cells, and those that are not
    m_none = signed_one;
    return;
  }
  if (const auto number = number_in(text)) {
    m_wanted = *number;
    return;
  }
  const std::string upper_text = upper(text);
  if (upper_text == "TRUE" || upper_text == "FALSE") {
    m_wanted = upper_text == "TRUE";
    return;
  }
  if (const auto fault = fault_of(upper_text)) {
    m_wanted = *fault;
    return;
  }
  m_text = true;
  m_pattern = text;
  m_wanted = std::string_view(m_pattern);
}

bool Criterion::meets(const Value& value) const {
  if (m_blank) {
    const bool empty = value.blank() || (!m_none && value.is(Type::text) && value.text().empty());
    return m_sign == Sign::unequal ? !empty : empty;
  }
  const bool equality = m_sign == Sign::equal || m_sign == Sign::unequal;
  if (m_text && equality) {
    const bool met = value.is(Type::text) && matches(m_pattern, value.text());
    return met == (m_sign == Sign::equal);
  }
  bool met = false;
  if (m_wanted.is_error() || value.is_error()) {
    met = m_wanted.is_error() && value.is_error() && m_wanted.fault() == value.fault();
    return m_sign == Sign::unequal ? !met : met && m_sign == Sign::equal;
  }
  Value one = value;
  if (m_wanted.is(Type::number) && value.is(Type::text) && equality) {
    if (const auto number = number_in(value.text())) one = *number;  // a number that is written as a text
  }
  if (one.type() != m_wanted.type()) return m_sign == Sign::unequal;
  const int order = compare(one, m_wanted);
  switch (m_sign) {
    case Sign::equal: return order == 0;
    case Sign::unequal: return order != 0;
    case Sign::less: return order < 0;
    case Sign::less_equal: return order <= 0;
    case Sign::greater: return order > 0;
    default: return order >= 0;
  }
}

}  // namespace xlsx::calc

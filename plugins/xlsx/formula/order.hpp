// Whether the tokens of a formula may follow each other: between two values stands an operator, and before and behind
// an operator a value.
#pragma once

#include <cstdint>
#include <string_view>

#include "tokens.hpp"

namespace xlsx::formula {

// What the innermost open bracket is.
enum class Inside : std::uint8_t { nothing, bracket, array, call };

class Order {
 public:
  // Each token but blanks; `inside` as it is before an opening and a closing bracket. What is wrong with it; null:
  // nothing.
  const char* take(const Token& one, Inside inside);
  // After the last one.
  const char* end() const;
  // An opening bracket that came now calls what stands right before it: a function, or what a bracket gives.
  bool calls(const Token& open) const {
    return touches(open) && (m_before == Kind::function || m_before == Kind::close);
  }

 private:
  enum class State : std::uint8_t {
    fresh,  // of an argument or the formula nothing is there yet, and perhaps nothing comes
    wants,  // a value must come
    has,    // a value is there
  };
  bool touches(const Token& one) const { return m_end == one.at; }
  const char* judge(const Token& one, Inside inside);
  const char* value(const Token& one, bool constant);
  const char* reference(const Token& one);
  const char* open(const Token& one);
  const char* close(Inside inside);
  const char* separator(Inside inside);
  const char* operation(std::string_view sign);
  const char* needs_value(State then);

  State m_state = State::fresh;
  Kind m_before = Kind::end;     // the last that was no blank
  std::size_t m_end = SIZE_MAX;  // where it ends
  bool m_constant = false;       // the value that is there is a number, a text or a truth
  bool m_lost_sheet = false;     // the last was #REF!, which stands for a sheet, too
};

}  // namespace xlsx::formula

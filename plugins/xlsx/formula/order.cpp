// Blanks count only between two references, whose common cells they stand for. Where Excel's grammar has rare forms (a
// function without a name that is called, #REF! in place of a sheet), they pass.
#include "formula/order.hpp"

namespace xlsx::formula {

namespace {

constexpr const char* no_operator = "an operator is missing";
constexpr const char* no_value = "a value is missing";

}  // namespace

const char* Order::take(const Token& one, Inside inside) {
  const char* const wrong = judge(one, inside);
  m_before = one.kind;
  m_end = one.at + one.text.size();
  m_lost_sheet = one.kind == Kind::error && (one.text.starts_with("#R") || one.text.starts_with("#r"));
  return wrong;
}

const char* Order::end() const { return m_state == State::wants ? no_value : nullptr; }

const char* Order::judge(const Token& one, Inside inside) {
  switch (one.kind) {
    case Kind::number:
    case Kind::text:
    case Kind::boolean: return value(one, true);
    case Kind::open: return open(one);
    case Kind::open_array: {
      const char* const wrong = value(one, true);
      m_state = State::wants;
      return wrong;
    }
    case Kind::close: return close(inside);
    case Kind::close_array: m_constant = true; return needs_value(State::has);
    case Kind::comma: return separator(inside);
    case Kind::semicolon:
      return inside == Inside::array ? needs_value(State::wants)
                                     : "a semicolon stands where files write a comma, whatever the language";
    case Kind::operation: return operation(one.text);
    case Kind::bad: return nullptr;  // which says itself what is wrong
    default: return reference(one);
  }
}

// A value that begins. Of two with a blank between them it is what both have in common, if neither is a constant.
const char* Order::value(const Token& one, bool constant) {
  const bool common = !touches(one) && !constant && !m_constant;
  const char* const wrong = m_state == State::has && !common ? no_operator : nullptr;
  m_state = State::has;
  m_constant = constant;
  return wrong;
}

const char* Order::reference(const Token& one) {
  const bool goes_on = touches(one) && m_state == State::has &&
                       (m_lost_sheet || (one.kind == Kind::structure && m_before == Kind::name) ||
                        (one.kind == Kind::error && m_before == Kind::structure));
  const char* const wrong = goes_on ? nullptr : value(one, false);
  if (one.kind == Kind::prefix) m_state = State::wants;
  return wrong;
}

const char* Order::open(const Token& one) {
  const char* const wrong = calls(one) ? nullptr : value(one, false);
  m_state = State::fresh;
  return wrong;
}

// Only the arguments of a function may be nothing at all.
const char* Order::close(Inside inside) {
  m_constant = false;
  if (m_state == State::fresh && inside == Inside::call) m_state = State::has;
  return needs_value(State::has);
}

const char* Order::separator(Inside inside) {
  if (inside != Inside::call) return needs_value(State::wants);
  const char* const wrong = m_state == State::wants ? no_value : nullptr;
  m_state = State::fresh;
  return wrong;
}

const char* Order::operation(std::string_view sign) {
  if (m_before == Kind::prefix) return no_value;  // of a sheet something is meant
  if (sign == "%" || sign == "#") return needs_value(State::has);
  const bool begins = m_before == Kind::end && sign == "=";  // some write it, and Excel passes over it
  if (begins || sign == "+" || sign == "-" || sign == "@") return m_state = State::wants, nullptr;
  return needs_value(State::wants);
}

const char* Order::needs_value(State then) {
  const char* const wrong = m_state == State::has ? nullptr : no_value;
  m_state = then;
  return wrong;
}

}  // namespace xlsx::formula

// What a value is.
#include <cmath>

#include "../convert.hpp"
#include "../evaluator.hpp"

namespace xlsx::calc {
namespace {

template <Type type>
Value is(Call& call) {
  return call[0].is(type);
}

Value error_type(Call& call) {
  if (!call[0].is_error()) return Fault::na;
  const auto number = static_cast<double>(call[0].fault());
  return number + 1;
}

Value type_of(Call& call) {
  switch (call[0].type()) {
    case Type::text: return 2;
    case Type::boolean: return 4;
    case Type::error: return 16;
    case Type::array: return 64;
    case Type::function: return 128;
    default: return 1;
  }
}

Value parity(Call& call, bool odd) {
  if (call[0].is(Type::boolean)) return Fault::value;
  const Value number = to_number(call[0]);
  if (number.is_error()) return number;
  return (std::fmod(std::trunc(std::fabs(number.number())), 2) == 1) == odd;
}

Value n(Call& call) {
  const Value& value = call[0];
  if (value.is(Type::number) || value.is_error()) return value;
  return value.is(Type::boolean) ? Value(value.truth() ? 1 : 0) : Value(0);
}
Value t(Call& call) { return call[0].is(Type::text) || call[0].is_error() ? call[0] : Value(""); }

Value is_formula(Call& call) {
  const auto& piece = call[0].area().pieces[0];
  const Block* const block = call.evaluator().book().sheets[piece.sheet].block(piece.area.first);
  return block && block->formulas[(piece.area.first.row - 1) % Block::rows] != 0;
}

Value sheet(Call& call) {
  if (call.count() == 0) return static_cast<double>(call.evaluator().place().sheet + 1);
  if (call[0].is(Type::area)) return static_cast<double>(call[0].area().pieces[0].sheet + 1);
  if (!call[0].is(Type::text)) return Fault::na;
  const std::uint32_t found = call.evaluator().book().sheet(call[0].text());
  return found == Names::none ? Value(Fault::na) : Value(static_cast<double>(found + 1));
}
Value sheets(Call& call) {
  if (call.count() == 0) return call.evaluator().book().sheets.size();
  if (!call[0].is(Type::area)) return Fault::na;
  const auto& piece = call[0].area().pieces[0];
  return static_cast<double>(piece.last_sheet - piece.sheet + 1);
}

constexpr Function table[] = {
    {"ISBLANK", "e", is<Type::blank>},
    {"ISNUMBER", "e", is<Type::number>},
    {"ISTEXT", "e", is<Type::text>},
    {"ISLOGICAL", "e", is<Type::boolean>},
    {"ISERROR", "e", is<Type::error>},
    {"ISNONTEXT", "e", [](Call& c) { return Value(!c[0].is(Type::text)); }},
    {"ISERR", "e", [](Call& c) { return Value(c[0].is_error() && c[0].fault() != Fault::na); }},
    {"ISNA", "e", [](Call& c) { return Value(c[0].is_error() && c[0].fault() == Fault::na); }},
    {"ISREF", "r", [](Call& c) { return Value(c[0].is(Type::area)); }},
    {"ISEVEN", "v", [](Call& c) { return parity(c, false); }},
    {"ISODD", "v", [](Call& c) { return parity(c, true); }},
    {"ISFORMULA", "R", is_formula},
    {"NA", "", [](Call&) { return Value(Fault::na); }},
    {"N", "e", n},
    {"T", "e", t},
    {"ERROR.TYPE", "e", error_type},
    {"TYPE", "e", type_of},
    {"SHEET", "?r", sheet},
    {"SHEETS", "?R", sheets},
};

}  // namespace

std::span<const Function> information_functions() { return table; }

}  // namespace xlsx::calc

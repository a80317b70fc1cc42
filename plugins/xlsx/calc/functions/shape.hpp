// How many rows and columns a value has.
#pragma once

#include <cstddef>

#include "../evaluator.hpp"

namespace xlsx::calc {

struct Shape {
  std::size_t rows = 1, columns = 1;
};
inline Shape shape_of(const Value& value) {
  if (value.is(Type::array)) return {value.array().rows(), value.array().columns()};
  if (value.is(Type::area)) return {value.area().pieces[0].area.rows(), value.area().pieces[0].area.columns()};
  return {};
}

}  // namespace xlsx::calc

// The numbers that functions over many values look at, gathered.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "../convert.hpp"
#include "../evaluator.hpp"

namespace xlsx::calc {

// Of cells and arrays the numbers alone count; what is given itself is converted. The first error ends it.
template <class Take>
Value each_number(Call& call, std::size_t first, Take&& take) {
  Value error;
  for (std::size_t i = first; i < call.count() && !error.is_error(); ++i) {
    call.each(i, [&](const Value& value, bool from_cells) {
      if (value.is(Type::number)) return take(value.number()), true;
      if (value.is_error()) return error = value, false;
      if (from_cells) return true;
      if (value.is(Type::omitted)) return take(0.0), true;
      const Value number = to_number(value);
      if (number.is_error()) return error = number, false;
      if (!value.is(Type::blank)) take(number.number());
      return true;
    });
  }
  return error;
}

inline Value numbers_of(Call& call, std::size_t first, std::size_t last, std::vector<double>& to) {
  Value error;
  for (std::size_t i = first; i < last && i < call.count() && !error.is_error(); ++i) {
    call.each(i, [&](const Value& value, bool from_cells) {
      if (value.is(Type::number)) return to.push_back(value.number()), true;
      if (value.is_error()) return error = value, false;
      if (from_cells || value.is(Type::blank)) return true;
      const Value number = to_number(value);
      if (number.is_error()) return error = number, false;
      to.push_back(number.number());
      return true;
    });
  }
  return error;
}

// A sum that loses nothing of what is small beside what is large.
class Sum {
 public:
  void add(double number) {
    const double sum = m_sum + number;
    m_rest += std::fabs(m_sum) >= std::fabs(number) ? (m_sum - sum) + number : (number - sum) + m_sum;
    m_sum = sum;
  }
  double total() const { return m_rest - m_rest == 0 ? m_sum + m_rest : m_sum; }

 private:
  double m_sum = 0, m_rest = 0;
};

}  // namespace xlsx::calc

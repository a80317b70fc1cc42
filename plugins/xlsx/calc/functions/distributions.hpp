// Distributions, as functions share them. Boost.Math computes those that need more than what the language has; it is
// told not to throw, and what it cannot tell is no finite number.
#pragma once

#include <boost/math/policies/policy.hpp>
#include <exception>

#include "../convert.hpp"
#include "../evaluator.hpp"

namespace xlsx::calc {

namespace quiet {
using boost::math::policies::ignore_error;
using Policy = boost::math::policies::policy<
    boost::math::policies::domain_error<ignore_error>, boost::math::policies::pole_error<ignore_error>,
    boost::math::policies::overflow_error<ignore_error>, boost::math::policies::underflow_error<ignore_error>,
    boost::math::policies::denorm_error<ignore_error>, boost::math::policies::evaluation_error<ignore_error>,
    boost::math::policies::rounding_error<ignore_error>,
    boost::math::policies::indeterminate_result_error<ignore_error>>;
}  // namespace quiet

// What is computed, or #NUM! if it is no finite number.
template <class Compute>
Value finite(Compute compute) {
  try {
    return checked(compute());
  } catch (const std::exception&) {
    return Fault::num;
  }
}

// Of degrees, trials and shapes: beyond it series lose the digits that count.
constexpr double most_degrees = 1e10;

// How much lies below or above a value.
double normal_below(double z);
double normal_above(double z);
double normal_at_share(double share);  // what that share lies below of
Value t_above(double t, double freedom);
Value t_at_share_above(double share, double freedom);
Value f_below(double f, double freedom, double other_freedom);
Value f_above(double f, double freedom, double other_freedom);
Value chi_squared_above(double x, double freedom);

}  // namespace xlsx::calc

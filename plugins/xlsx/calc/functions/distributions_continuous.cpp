// Student's t, F, chi-squared, gamma and beta: how much lies below or above a value, how dense it is there, and the
// value that a share lies below or above of. Each tail is computed by itself: what is left of one is no digit of it.
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "distributions.hpp"

namespace xlsx::calc {
namespace {

namespace math = boost::math;
using StudentT = math::students_t_distribution<double, quiet::Policy>;
using FisherF = math::fisher_f_distribution<double, quiet::Policy>;
const quiet::Policy policy;

bool share(double number) { return number >= 0 && number <= 1; }
bool freedom(double number) { return number >= 1 && number <= most_degrees; }
bool shaped(double number) { return number > 0 && number <= most_degrees; }

}  // namespace

Value t_above(double t, double freedom) {
  return finite([&] { return math::cdf(math::complement(StudentT(freedom), t)); });
}
Value t_at_share_above(double share, double freedom) {
  return finite([&] { return math::quantile(math::complement(StudentT(freedom), share)); });
}
Value f_below(double f, double freedom, double other_freedom) {
  return finite([&] { return math::cdf(FisherF(freedom, other_freedom), f); });
}
Value f_above(double f, double freedom, double other_freedom) {
  return finite([&] { return math::cdf(math::complement(FisherF(freedom, other_freedom), f)); });
}
Value chi_squared_above(double x, double freedom) {
  return finite([&] { return math::gamma_q(freedom / 2, x / 2, policy); });
}

namespace {

Value doubled(const Value& value) { return value.is_error() ? value : Value(2 * value.number()); }

Value t_dist(Call& call) {
  const double t = call.number(0), degrees = std::trunc(call.number(1));
  if (!freedom(degrees)) return Fault::num;
  if (call.truth(2)) return t_above(-t, degrees);
  return finite([&] { return math::pdf(StudentT(degrees), t); });
}
Value t_right(Call& call) {
  const double degrees = std::trunc(call.number(1));
  return freedom(degrees) ? t_above(call.number(0), degrees) : Value(Fault::num);
}
Value t_two_tails(Call& call) { return call.number(0) < 0 ? Value(Fault::num) : doubled(t_right(call)); }
Value t_old(Call& call) {
  const double tails = std::trunc(call.number(2));
  if (call.number(0) < 0 || (tails != 1 && tails != 2)) return Fault::num;
  return tails == 1 ? t_right(call) : doubled(t_right(call));
}
Value t_inv(Call& call) {
  const double below = call.number(0), degrees = std::trunc(call.number(1));
  if (below <= 0 || below >= 1 || !freedom(degrees)) return Fault::num;
  return finite([&] { return math::quantile(StudentT(degrees), below); });
}
Value t_inv_two_tails(Call& call) {
  const double outside = call.number(0), degrees = std::trunc(call.number(1));
  if (outside <= 0 || outside > 1 || !freedom(degrees)) return Fault::num;
  return t_at_share_above(outside / 2, degrees);
}

struct Freedoms {
  double first = 0, second = 0;
  explicit Freedoms(const Call& call) : first(std::trunc(call.number(1))), second(std::trunc(call.number(2))) {}
  bool right() const { return freedom(first) && freedom(second); }
};
Value f_dist(Call& call) {
  const double f = call.number(0);
  const Freedoms degrees(call);
  if (f < 0 || !degrees.right()) return Fault::num;
  if (call.truth(3)) return f_below(f, degrees.first, degrees.second);
  return finite([&] { return math::pdf(FisherF(degrees.first, degrees.second), f); });
}
Value f_right(Call& call) {
  const Freedoms degrees(call);
  if (call.number(0) < 0 || !degrees.right()) return Fault::num;
  return f_above(call.number(0), degrees.first, degrees.second);
}
// By the beta distribution whose share is the same; both parts of one are asked for, as either may be very small.
template <bool above>
Value f_inv(Call& call) {
  const Freedoms degrees(call);
  if (!share(call.number(0)) || !degrees.right()) return Fault::num;
  return finite([&] {
    const double a = degrees.first / 2, b = degrees.second / 2;
    double rest = 0;
    const double part = above ? math::ibetac_inv(a, b, call.number(0), &rest, policy)
                              : math::ibeta_inv(a, b, call.number(0), &rest, policy);
    return degrees.second * part / (degrees.first * rest);
  });
}

Value gamma_density(double x, double shape, double scale) {
  if (x == 0) return shape < 1 ? Value(Fault::num) : shape == 1 ? Value(1 / scale) : Value(0);
  return finite([&] { return math::gamma_p_derivative(shape, x / scale, policy) / scale; });
}
Value gamma_below(double x, double shape, double scale) {
  return finite([&] { return math::gamma_p(shape, x / scale, policy); });
}
Value gamma_inverse(double below, double shape, double scale) {
  return finite([&] { return math::gamma_p_inv(shape, below, policy) * scale; });
}

Value gamma_dist(Call& call) {
  const double x = call.number(0), shape = call.number(1), scale = call.number(2);
  if (x < 0 || !shaped(shape) || scale <= 0) return Fault::num;
  return call.truth(3) ? gamma_below(x, shape, scale) : gamma_density(x, shape, scale);
}
Value gamma_inv(Call& call) {
  const double shape = call.number(1), scale = call.number(2);
  if (!share(call.number(0)) || !shaped(shape) || scale <= 0) return Fault::num;
  return gamma_inverse(call.number(0), shape, scale);
}

// Gamma's distribution of half the degrees of freedom, twice as wide.
Value chi_dist(Call& call) {
  const double x = call.number(0), degrees = std::trunc(call.number(1));
  if (x < 0 || !freedom(degrees)) return Fault::num;
  return call.truth(2) ? gamma_below(x, degrees / 2, 2) : gamma_density(x, degrees / 2, 2);
}
Value chi_right(Call& call) {
  const double degrees = std::trunc(call.number(1));
  if (call.number(0) < 0 || !freedom(degrees)) return Fault::num;
  return chi_squared_above(call.number(0), degrees);
}
Value chi_inv(Call& call) {
  const double degrees = std::trunc(call.number(1));
  if (!share(call.number(0)) || !freedom(degrees)) return Fault::num;
  return gamma_inverse(call.number(0), degrees / 2, 2);
}
Value chi_inv_right(Call& call) {
  const double degrees = std::trunc(call.number(1));
  if (!share(call.number(0)) || !freedom(degrees)) return Fault::num;
  return finite([&] { return 2 * math::gamma_q_inv(degrees / 2, call.number(0), policy); });
}

// From one border to another: 0 and 1, if nothing is said.
struct Beta {
  double a = 0, b = 0, low = 0, high = 1;
  Beta(const Call& call, std::size_t borders)
      : a(call.number(1)), b(call.number(2)), low(call.number(borders, 0)), high(call.number(borders + 1, 1)) {}
  bool right() const { return shaped(a) && shaped(b) && low < high; }
  double width() const { return high - low; }
};
Value beta(double x, const Beta& beta, bool cumulative) {
  if (!beta.right() || x < beta.low || x > beta.high) return Fault::num;
  const double at = (x - beta.low) / beta.width();
  return finite([&] {
    return cumulative ? math::ibeta(beta.a, beta.b, at, policy)
                      : math::ibeta_derivative(beta.a, beta.b, at, policy) / beta.width();
  });
}
Value beta_dist(Call& call) { return beta(call.number(0), Beta(call, 4), call.truth(3)); }
Value beta_old(Call& call) { return beta(call.number(0), Beta(call, 3), true); }
Value beta_inv(Call& call) {
  const Beta beta(call, 3);
  const double below = call.number(0);
  if (!beta.right() || below <= 0 || below > 1) return Fault::num;
  return finite([&] {
    const double at = math::ibeta_inv(beta.a, beta.b, below, static_cast<double*>(nullptr), policy);
    return beta.low + at * beta.width();
  });
}

constexpr Function table[] = {
    {"T.DIST", "nnb", t_dist},
    {"T.DIST.RT", "nn", t_right},
    {"T.DIST.2T", "nn", t_two_tails},
    {"TDIST", "nnn", t_old},
    {"T.INV", "nn", t_inv},
    {"T.INV.2T", "nn", t_inv_two_tails},
    {"TINV", "nn", t_inv_two_tails},
    {"F.DIST", "nnnb", f_dist},
    {"F.DIST.RT", "nnn", f_right},
    {"FDIST", "nnn", f_right},
    {"F.INV", "nnn", f_inv<false>},
    {"F.INV.RT", "nnn", f_inv<true>},
    {"FINV", "nnn", f_inv<true>},
    {"CHISQ.DIST", "nnb", chi_dist},
    {"CHISQ.DIST.RT", "nn", chi_right},
    {"CHIDIST", "nn", chi_right},
    {"CHISQ.INV", "nn", chi_inv},
    {"CHISQ.INV.RT", "nn", chi_inv_right},
    {"CHIINV", "nn", chi_inv_right},
    {"GAMMA.DIST", "nnnb", gamma_dist},
    {"GAMMADIST", "nnnb", gamma_dist},
    {"GAMMA.INV", "nnn", gamma_inv},
    {"GAMMAINV", "nnn", gamma_inv},
    {"BETA.DIST", "nnnb?nn", beta_dist},
    {"BETADIST", "nnn?nn", beta_old},
    {"BETA.INV", "nnn?nn", beta_inv},
    {"BETAINV", "nnn?nn", beta_inv},
};

}  // namespace

std::span<const Function> continuous_functions() { return table; }

}  // namespace xlsx::calc

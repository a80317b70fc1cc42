// The normal distribution and what is made of it; and those of which a formula is enough: exponential, Weibull's.
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

#include "distributions.hpp"

namespace xlsx::calc {

using std::numbers::sqrt2;

double normal_below(double z) { return std::erfc(-z / sqrt2) / 2; }
double normal_above(double z) { return std::erfc(z / sqrt2) / 2; }
double normal_at_share(double share) { return -sqrt2 * boost::math::erfc_inv(2 * share, quiet::Policy()); }

namespace {

double density(double z) { return std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / sqrt2; }

bool inside(double share) { return share > 0 && share < 1; }

Value normal(double x, double mean, double deviation, bool cumulative) {
  if (deviation <= 0) return Fault::num;
  const double z = (x - mean) / deviation;
  return checked(cumulative ? normal_below(z) : density(z) / deviation);
}
Value normal_inverse(double share, double mean, double deviation) {
  if (!inside(share) || deviation <= 0) return Fault::num;
  return finite([&] { return mean + deviation * normal_at_share(share); });
}

Value normal_dist(Call& call) { return normal(call.number(0), call.number(1), call.number(2), call.truth(3)); }
Value normal_inv(Call& call) { return normal_inverse(call.number(0), call.number(1), call.number(2)); }

Value log_normal(double x, double mean, double deviation, bool cumulative) {
  if (x <= 0 || deviation <= 0) return Fault::num;
  const Value found = normal(std::log(x), mean, deviation, cumulative);
  return cumulative || found.is_error() ? found : checked(found.number() / x);
}
Value log_normal_dist(Call& call) { return log_normal(call.number(0), call.number(1), call.number(2), call.truth(3)); }
Value log_normal_old(Call& call) { return log_normal(call.number(0), call.number(1), call.number(2), true); }
Value log_normal_inv(Call& call) {
  const Value found = normal_inv(call);
  return found.is_error() ? found : checked(std::exp(found.number()));
}

Value exponential(Call& call) {
  const double x = call.number(0), rate = call.number(1);
  if (x < 0 || rate <= 0) return Fault::num;
  return checked(call.truth(2) ? -std::expm1(-rate * x) : rate * std::exp(-rate * x));
}

Value weibull(Call& call) {
  const double x = call.number(0), shape = call.number(1), scale = call.number(2);
  if (x < 0 || shape <= 0 || scale <= 0) return Fault::num;
  const double power = std::pow(x / scale, shape);
  if (call.truth(3)) return checked(-std::expm1(-power));
  return checked(shape / scale * std::pow(x / scale, shape - 1) * std::exp(-power));
}

Value gamma(Call& call) {
  const double x = call.number(0);
  if (x <= 0 && x == std::floor(x)) return Fault::num;
  return finite([&] { return boost::math::tgamma(x, quiet::Policy()); });
}
Value log_gamma(Call& call) {
  if (call.number(0) <= 0) return Fault::num;
  return finite([&] { return boost::math::lgamma(call.number(0), quiet::Policy()); });
}

// How far from the mean of a sample the true one may be.
struct Sample {
  double alpha = 0, deviation = 0, size = 0;
  explicit Sample(const Call& call)
      : alpha(call.number(0)), deviation(call.number(1)), size(std::trunc(call.number(2))) {}
  bool wrong() const { return !inside(alpha) || deviation <= 0 || size < 1; }
};
Value confidence(Call& call) {
  const Sample sample(call);
  if (sample.wrong()) return Fault::num;
  return finite([&] { return -normal_at_share(sample.alpha / 2) * sample.deviation / std::sqrt(sample.size); });
}
Value confidence_t(Call& call) {
  const Sample sample(call);
  if (sample.wrong()) return Fault::num;
  if (sample.size == 1) return Fault::div0;
  const Value t = t_at_share_above(sample.alpha / 2, sample.size - 1);
  return t.is_error() ? t : checked(t.number() * sample.deviation / std::sqrt(sample.size));
}

constexpr Function table[] = {
    {"NORM.DIST", "nnnb", normal_dist},
    {"NORMDIST", "nnnb", normal_dist},
    {"NORM.INV", "nnn", normal_inv},
    {"NORMINV", "nnn", normal_inv},
    {"NORM.S.DIST", "nb", [](Call& call) { return normal(call.number(0), 0, 1, call.truth(1)); }},
    {"NORMSDIST", "n", [](Call& call) { return normal(call.number(0), 0, 1, true); }},
    {"NORM.S.INV", "n", [](Call& call) { return normal_inverse(call.number(0), 0, 1); }},
    {"NORMSINV", "n", [](Call& call) { return normal_inverse(call.number(0), 0, 1); }},
    {"GAUSS", "n", [](Call& call) { return Value(std::erf(call.number(0) / sqrt2) / 2); }},
    {"PHI", "n", [](Call& call) { return Value(density(call.number(0))); }},
    {"LOGNORM.DIST", "nnnb", log_normal_dist},
    {"LOGNORMDIST", "nnn", log_normal_old},
    {"LOGNORM.INV", "nnn", log_normal_inv},
    {"LOGINV", "nnn", log_normal_inv},
    {"EXPON.DIST", "nnb", exponential},
    {"EXPONDIST", "nnb", exponential},
    {"WEIBULL.DIST", "nnnb", weibull},
    {"WEIBULL", "nnnb", weibull},
    {"GAMMA", "n", gamma},
    {"GAMMALN", "n", log_gamma},
    {"GAMMALN.PRECISE", "n", log_gamma},
    {"CONFIDENCE", "nnn", confidence},
    {"CONFIDENCE.NORM", "nnn", confidence},
    {"CONFIDENCE.T", "nnn", confidence_t},
};

}  // namespace

std::span<const Function> normal_functions() { return table; }

}  // namespace xlsx::calc

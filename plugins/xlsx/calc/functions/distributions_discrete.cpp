// Distributions of what is counted: binomial, negative binomial, hypergeometric, Poisson's. Sums of many terms are
// values of the incomplete beta and gamma functions; only the hypergeometric one is added up.
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

#include "distributions.hpp"

namespace xlsx::calc {
namespace {

namespace math = boost::math;
const quiet::Policy policy;

constexpr double most_terms = 1e7;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

bool share(double number) { return number >= 0 && number <= 1; }

struct Trials {
  double count = 0, chance = 0;
  bool right() const { return count >= 0 && count <= most_degrees && share(chance); }
  double exactly(double k) const {
    if (chance == 0 || chance == 1) return k == chance * count ? 1 : 0;
    return math::ibeta_derivative(k + 1, count - k + 1, chance, policy) / (count + 1);
  }
  double up_to(double k) const {
    if (k < 0) return 0;
    return k >= count ? 1 : math::ibetac(k + 1, count - k, chance, policy);
  }
  double above(double k) const {
    if (k < 0) return 1;
    return k >= count ? 0 : math::ibeta(k + 1, count - k, chance, policy);
  }
  // On one side of the middle the smaller of the two tails is taken from the larger.
  double between(double from, double to) const {
    if (from == to) return exactly(from);
    if (to < count * chance) return up_to(to) - up_to(from - 1);
    if (from > count * chance) return above(from - 1) - above(to);
    return 1 - up_to(from - 1) - above(to);
  }
};

Value binomial(Call& call) {
  const double k = std::trunc(call.number(0));
  const Trials trials{std::trunc(call.number(1)), call.number(2)};
  if (!trials.right() || k < 0 || k > trials.count) return Fault::num;
  return finite([&] { return call.truth(3) ? trials.up_to(k) : trials.exactly(k); });
}

Value binomial_range(Call& call) {
  const Trials trials{std::trunc(call.number(0)), call.number(1)};
  const double from = std::trunc(call.number(2)), to = std::trunc(call.number(3, from));
  if (!trials.right() || from < 0 || to < from || to > trials.count) return Fault::num;
  return finite([&] { return trials.between(from, to); });
}

// The fewest successes that reach a share; halved until they are found.
Value binomial_inverse(Call& call) {
  const Trials trials{std::trunc(call.number(0)), call.number(1)};
  const double wanted = call.number(2);
  if (!trials.right() || !share(wanted)) return Fault::num;
  return finite([&] {
    double low = 0, high = trials.count;
    while (low < high) {
      const double middle = std::floor((low + high) / 2);
      if (trials.up_to(middle) >= wanted)
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  });
}

// Failures before that many successes.
Value negative_binomial(double failures, double successes, double chance, bool cumulative) {
  failures = std::trunc(failures), successes = std::trunc(successes);
  if (failures < 0 || successes < 1 || !share(chance) || failures + successes > most_degrees) return Fault::num;
  if (cumulative) return finite([&] { return math::ibeta(successes, failures + 1, chance, policy); });
  if (chance == 0 || chance == 1) return chance == 1 && failures == 0 ? 1 : 0;
  return finite([&] {
    const double dense = math::ibeta_derivative(successes, failures + 1, chance, policy);
    return chance * dense / (successes + failures);
  });
}

Value poisson(Call& call) {
  const double count = std::trunc(call.number(0)), mean = call.number(1);
  if (count < 0 || mean < 0 || std::max(count, mean) > most_degrees) return Fault::num;
  if (mean == 0) return call.truth(2) || count == 0 ? 1 : 0;
  return finite([&] {
    return call.truth(2) ? math::gamma_q(count + 1, mean, policy) : math::gamma_p_derivative(count + 1, mean, policy);
  });
}

// Successes in a sample of what is finite.
struct Urn {
  double sample = 0, good = 0, all = 0;
  bool right() const {
    return all > 0 && all <= most_degrees && sample > 0 && sample <= all && good > 0 && good <= all;
  }
  double least() const { return std::max(0.0, sample + good - all); }
  double most() const { return std::min(sample, good); }
  // As three binomial ones of the same chance, which drops out: none of them is small.
  double exactly(double k) const {
    if (sample == all) return 1;
    const double chance = sample / all;
    return Trials{good, chance}.exactly(k) * Trials{all - good, chance}.exactly(sample - k) /
           Trials{all, chance}.exactly(sample);
  }
  // From one count on away from the middle, until nothing is added any more.
  double tail(double k, bool down) const {
    if (down ? k < least() : k > most()) return 0;
    double term = exactly(k), sum = term;
    for (double steps = 0; steps < most_terms; ++steps) {
      if (down ? k <= least() : k >= most()) return sum;
      term *= down ? k * (all - good - sample + k) / ((good - k + 1) * (sample - k + 1))
                   : (good - k) * (sample - k) / ((k + 1) * (all - good - sample + k + 1));
      k += down ? -1 : 1;
      sum += term;
      if (term < sum * 1e-18) return sum;
    }
    return unknown;
  }
  double up_to(double k) const { return k < sample / all * good ? tail(k, true) : 1 - tail(k + 1, false); }
};

Value hypergeometric(const Call& call, bool cumulative) {
  const double k = std::trunc(call.number(0));
  const Urn urn{std::trunc(call.number(1)), std::trunc(call.number(2)), std::trunc(call.number(3))};
  if (!urn.right() || k < urn.least() || k > urn.most()) return Fault::num;
  return finite([&] { return cumulative ? urn.up_to(k) : urn.exactly(k); });
}

Value negative_binomial_dist(Call& call) {
  return negative_binomial(call.number(0), call.number(1), call.number(2), call.truth(3));
}
Value negative_binomial_old(Call& call) {
  return negative_binomial(call.number(0), call.number(1), call.number(2), false);
}

constexpr Function table[] = {
    {"BINOM.DIST", "nnnb", binomial},
    {"BINOMDIST", "nnnb", binomial},
    {"BINOM.DIST.RANGE", "nnn?n", binomial_range},
    {"BINOM.INV", "nnn", binomial_inverse},
    {"CRITBINOM", "nnn", binomial_inverse},
    {"NEGBINOM.DIST", "nnnb", negative_binomial_dist},
    {"NEGBINOMDIST", "nnn", negative_binomial_old},
    {"POISSON.DIST", "nnb", poisson},
    {"POISSON", "nnb", poisson},
    {"HYPGEOM.DIST", "nnnnb", [](Call& call) { return hypergeometric(call, call.truth(4)); }},
    {"HYPGEOMDIST", "nnnn", [](Call& call) { return hypergeometric(call, false); }},
};

}  // namespace

std::span<const Function> discrete_functions() { return table; }

}  // namespace xlsx::calc

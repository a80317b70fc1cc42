// What lies where in a row of numbers: the middle, the n-th, the share that is below, the rank of one, the most
// frequent ones.
#include "ranks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "numbers.hpp"

namespace xlsx::calc {
namespace {

// The number at a place that may lie between two, from nothing on.
double at_place(Numbers& numbers, double place) {
  const double below = std::floor(place);
  const auto at = numbers.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(numbers.begin(), at, numbers.end());
  if (place == below || at + 1 == numbers.end()) return *at;
  return *at + (place - below) * (*std::min_element(at + 1, numbers.end()) - *at);
}

Value nth(Numbers& numbers, double place) {
  if (!(place >= 0 && place < static_cast<double>(numbers.size()))) return Fault::num;
  return at_place(numbers, place);
}

}  // namespace

Value median(Numbers& numbers) {
  if (numbers.empty()) return Fault::num;
  return checked(at_place(numbers, static_cast<double>(numbers.size() - 1) / 2));
}

Value largest(Numbers& numbers, double which) {
  return nth(numbers, static_cast<double>(numbers.size()) - std::ceil(which));
}
Value smallest(Numbers& numbers, double which) { return nth(numbers, std::floor(which) - 1); }

Value percentile(Numbers& numbers, double share) {
  if (numbers.empty() || !(share >= 0 && share <= 1)) return Fault::num;
  return checked(at_place(numbers, share * static_cast<double>(numbers.size() - 1)));
}

Value percentile_inside(Numbers& numbers, double share) {
  const double count = static_cast<double>(numbers.size());
  // 1/(n+1) times n+1 may be a little less than one.
  const double place = fifteen(share * (count + 1)) - 1;
  if (numbers.empty() || !(place >= 0 && place <= count - 1)) return Fault::num;
  return checked(at_place(numbers, place));
}

Value quartile(Numbers& numbers, double quarters) { return percentile(numbers, std::trunc(quarters) / 4); }
Value quartile_inside(Numbers& numbers, double quarters) {
  return percentile_inside(numbers, std::trunc(quarters) / 4);
}

namespace {

struct Modes {
  Numbers numbers;  // as they stand
  std::size_t times = 0;
};

// Equal ones lie side by side once they are in order, and each run begins with the one that stands first.
Modes modes_of(const Numbers& numbers) {
  std::vector<std::size_t> order(numbers.size()), firsts;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; });
  Modes modes;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && numbers[order[end]] == numbers[order[begin]]) ++end;
    if (end - begin > modes.times) firsts.clear(), modes.times = end - begin;
    if (end - begin == modes.times) firsts.push_back(order[begin]);
  }
  std::sort(firsts.begin(), firsts.end());
  for (const std::size_t first : firsts) modes.numbers.push_back(numbers[first]);
  return modes;
}

// As one reads them: where several are the most frequent ones it matters which is met first. Areas are looked through
// by columns otherwise.
Value as_read(Call& call, Numbers& to) {
  for (std::size_t i = 0; i < call.count(); ++i) {
    Value given = call[i];
    if (given.is(Type::area) && given.area().pieces.size() == 1 && given.area().pieces[0].area.columns() > 1 &&
        given.area().pieces[0].sheet == given.area().pieces[0].last_sheet)
      given = call.array(i);
    Call one(call.evaluator(), nullptr, {std::move(given)});
    const Value error = numbers_of(one, 0, 1, to);
    if (error.is_error()) return error;
  }
  return {};
}

Value mode(Call& call) {
  Numbers numbers;
  const Value error = as_read(call, numbers);
  return error.is_error() ? error : most_frequent(numbers);
}

Value modes(Call& call) {
  Numbers numbers;
  const Value error = as_read(call, numbers);
  if (error.is_error()) return error;
  const Modes modes = modes_of(numbers);
  if (modes.times < 2) return Fault::na;
  Array result(modes.numbers.size(), 1);
  std::copy(modes.numbers.begin(), modes.numbers.end(), result.all().begin());
  return result;
}

Value middle(Call& call) {
  Numbers numbers;
  const Value error = numbers_of(call, 0, call.count(), numbers);
  return error.is_error() ? error : median(numbers);
}

// Of the first parameter's numbers, by the second.
template <Value (*find)(Numbers&, double)>
Value found(Call& call) {
  Numbers numbers;
  const Value error = numbers_of(call, 0, 1, numbers);
  return error.is_error() ? error : find(numbers, call.number(1));
}

// Without the share that lies farthest out: as many below as above.
Value trimmed_mean(Numbers& numbers, double share) {
  if (numbers.empty() || !(share >= 0 && share < 1)) return Fault::num;
  const double out = std::floor(fifteen(static_cast<double>(numbers.size()) * share) / 2);
  const auto cut = static_cast<std::ptrdiff_t>(out);
  std::sort(numbers.begin(), numbers.end());
  return checked(mean_of({numbers.begin() + cut, numbers.end() - cut}));
}

// Cut off, not rounded.
Value digits(double share, double places) {
  const double scale = std::pow(10, std::trunc(places));
  return scale < 1e15 ? std::floor(fifteen(share * scale)) / scale : share;
}

// The share of the numbers that is below one: of those between the first and the last, or of the gaps around them.
template <bool inside>
Value percent_rank(Call& call) {
  Numbers numbers;
  const Value error = numbers_of(call, 0, 1, numbers);
  if (error.is_error()) return error;
  const double wanted = call.number(1), places = call.number(2, 3);
  if (numbers.empty() || places < 1) return Fault::num;
  double below = 0, nearest_below = 0, nearest = INFINITY;
  for (const double n : numbers) {
    if (n < wanted) nearest_below = below == 0 ? n : std::max(nearest_below, n), ++below;
    if (n >= wanted) nearest = std::min(nearest, n);
  }
  const double count = static_cast<double>(numbers.size());
  if (below == count || (below == 0 && nearest > wanted)) return Fault::na;
  if (nearest > wanted) below += (wanted - nearest_below) / (nearest - nearest_below) - 1;
  if (inside) return digits((below + 1) / (count + 1), places);
  return count == 1 ? Value(1) : digits(below / (count - 1), places);
}

template <bool mean>
Value rank(Call& call) {
  const double number = call.number(0);
  const bool ascending = call.number(2, 0) != 0;
  Numbers numbers;
  const Value error = numbers_of(call, 1, 2, numbers);
  if (error.is_error()) return error;
  double before = 0, equal = 0;
  for (const double n : numbers) {
    before += ascending ? n < number : n > number;
    equal += n == number;
  }
  if (equal == 0) return Fault::na;
  return before + (mean ? (equal + 1) / 2 : 1);
}

// How many are up to each bound and above the one below it; the bounds need not be in order.
Value frequency(Call& call) {
  Numbers numbers, bounds;
  Value error = numbers_of(call, 0, 1, numbers);
  if (!error.is_error()) error = numbers_of(call, 1, 2, bounds);
  if (error.is_error()) return error;
  std::vector<std::size_t> order(bounds.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return bounds[a] < bounds[b]; });
  std::vector<std::size_t> counts(bounds.size() + 1);
  for (const double n : numbers) {
    const auto at = std::lower_bound(order.begin(), order.end(), n,
                                     [&](std::size_t bound, double value) { return bounds[bound] < value; });
    ++counts[at == order.end() ? bounds.size() : *at];
  }
  Array result(counts.size(), 1);
  std::copy(counts.begin(), counts.end(), result.all().begin());
  return result;
}

constexpr Function table[] = {
    {"MEDIAN", "r*", middle},
    {"MODE", "a*", mode},
    {"MODE.SNGL", "a*", mode},
    {"MODE.MULT", "a*", modes},
    {"LARGE", "rn", found<largest>},
    {"SMALL", "rn", found<smallest>},
    {"PERCENTILE", "rn", found<percentile>},
    {"PERCENTILE.INC", "rn", found<percentile>},
    {"PERCENTILE.EXC", "rn", found<percentile_inside>},
    {"QUARTILE", "rn", found<quartile>},
    {"QUARTILE.INC", "rn", found<quartile>},
    {"QUARTILE.EXC", "rn", found<quartile_inside>},
    {"PERCENTRANK", "rn?n", percent_rank<false>},
    {"PERCENTRANK.INC", "rn?n", percent_rank<false>},
    {"PERCENTRANK.EXC", "rn?n", percent_rank<true>},
    {"TRIMMEAN", "rn", found<trimmed_mean>},
    {"RANK", "nR?n", rank<false>},
    {"RANK.EQ", "nR?n", rank<false>},
    {"RANK.AVG", "nR?n", rank<true>},
    {"FREQUENCY", "rr", frequency},
};

}  // namespace

Value most_frequent(const Numbers& numbers) {
  const Modes modes = modes_of(numbers);
  return modes.times < 2 ? Value(Fault::na) : Value(modes.numbers[0]);
}

std::span<const Function> rank_functions() { return table; }

}  // namespace xlsx::calc

// Variables are made independent of each other one by one, what they have of earlier ones taken away twice: so the
// squares are never multiplied with each other, which would lose half of all digits.
#include "regression_fit.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "numbers.hpp"

namespace xlsx::calc {
namespace {

// What is left of a variable beside this share of it is noise: earlier ones say the same.
constexpr double independent = 1e-13;
constexpr double most_work = 4e9;

double product(const Numbers& a, const Numbers& b) {
  Sum sum;
  for (std::size_t i = 0; i < a.size(); ++i) sum.add(a[i] * b[i]);
  return sum.total();
}

void take_away(Numbers& from, const Numbers& direction, double times) {
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= times * direction[i];
}

double center(Numbers& numbers) {
  const double mean = mean_of(numbers);
  for (double& n : numbers) n -= mean;
  return mean;
}

// Directions of length one that are at right angles, and what each variable that is used has of them.
struct Directions {
  std::vector<Numbers> all;
  std::vector<Numbers> shares;  // of variable j: j + 1 numbers
  std::vector<std::size_t> of;  // the variable that each came from

  // What a column has of each; the column keeps the rest.
  Numbers part(Numbers& column) const {
    Numbers has(all.size());
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        const double share = product(all[i], column);
        take_away(column, all[i], share);
        has[i] += share;
      }
    }
    return has;
  }
  void add(Numbers column, std::size_t variable) {
    const double before = std::sqrt(product(column, column));
    Numbers has = part(column);
    const double length = std::sqrt(product(column, column));
    if (!(length > before * independent)) return;
    for (double& n : column) n /= length;
    has.push_back(length);
    all.push_back(std::move(column));
    shares.push_back(std::move(has));
    of.push_back(variable);
  }
  // How much of each variable makes what has these parts of the directions.
  Numbers amounts(Numbers parts) const {
    for (std::size_t j = parts.size(); j-- > 0;) {
      parts[j] /= shares[j][j];
      for (std::size_t i = 0; i < j; ++i) parts[i] -= shares[j][i] * parts[j];
    }
    return parts;
  }
  // The other way round: what the directions are worth if the variables are worth this.
  Numbers worth(Numbers means) const {
    for (std::size_t j = 0; j < means.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) means[j] -= shares[j][i] * means[i];
      means[j] /= shares[j][j];
    }
    return means;
  }
};

double squares(const Numbers& numbers) { return product(numbers, numbers); }

}  // namespace

double Fit::error() const { return freedom > 0 ? std::sqrt(rest / freedom) : 0; }

double Fit::at(const Numbers& point) const {
  Sum sum;
  sum.add(constant);
  for (std::size_t i = 0; i < slopes.size(); ++i) sum.add(slopes[i] * point[i]);
  return sum.total();
}

bool too_much(const Points& points) {
  const double rows = static_cast<double>(points.y.size()), columns = static_cast<double>(points.columns.size());
  return rows * columns * std::min(rows, columns) > most_work;
}

Fit fit(const Points& points, bool constant) {
  Fit made;
  Numbers y = points.y;
  const double count = static_cast<double>(y.size()), mean_y = constant ? center(y) : 0;
  Directions directions;
  Numbers means;
  for (std::size_t i = 0; i < points.columns.size() && directions.all.size() < y.size() - constant; ++i) {
    Numbers column = points.columns[i];
    const double mean = constant ? center(column) : 0;
    directions.add(std::move(column), i);
    if (directions.all.size() > means.size()) means.push_back(mean);
  }
  const Numbers parts = directions.part(y);
  made.explained = squares(parts);
  made.rest = squares(y);
  made.used = directions.all.size();
  made.freedom = count - static_cast<double>(made.used) - (constant ? 1 : 0);
  if (made.freedom <= 0) made.rest = 0;

  const Numbers amounts = directions.amounts(parts);
  made.slopes.resize(points.columns.size());
  made.slope_errors.resize(points.columns.size());
  made.constant = mean_y;
  Numbers inverse(made.used);  // squares of the rows of the inverse of the shares
  for (std::size_t j = 0; j < made.used; ++j) {
    Numbers unit(made.used);
    unit[j] = 1;
    const Numbers column = directions.amounts(std::move(unit));
    for (std::size_t i = 0; i <= j; ++i) inverse[i] += column[i] * column[i];
  }
  for (std::size_t j = 0; j < made.used; ++j) {
    made.slopes[directions.of[j]] = amounts[j];
    made.slope_errors[directions.of[j]] = made.error() * std::sqrt(inverse[j]);
    made.constant -= amounts[j] * means[j];
  }
  if (constant) made.constant_error = made.error() * std::sqrt(1 / count + squares(directions.worth(means)));
  return made;
}

}  // namespace xlsx::calc

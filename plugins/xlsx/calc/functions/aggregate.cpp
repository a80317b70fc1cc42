// Many values to one: sums, counts, means, and what lies where among them.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "criteria.hpp"
#include "numbers.hpp"
#include "rounding.hpp"

namespace xlsx::calc {
namespace {

Value sum(Call& call) {
  double total = 0;
  const Value error = each_number(call, 0, [&](double n) { total += n; });
  return error.is_error() ? error : checked(total);
}
Value sum_squares(Call& call) {
  double total = 0;
  const Value error = each_number(call, 0, [&](double n) { total += n * n; });
  return error.is_error() ? error : checked(total);
}
Value product(Call& call) {
  double total = 1;
  bool any = false;
  const Value error = each_number(call, 0, [&](double n) { total *= n, any = true; });
  return error.is_error() ? error : any ? checked(total) : Value(0);
}
Value count(Call& call) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < call.count(); ++i) {
    call.each(i, [&](const Value& value, bool from_cells) {
      found += value.is(Type::number) || (!from_cells && !value.is(Type::blank) && !to_number(value).is_error());
      return true;
    });
  }
  return found;
}
Value count_all(Call& call) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < call.count(); ++i)
    call.each(i, [&](const Value& value, bool) { return found += !value.is(Type::blank), true; });
  return found;
}
Value count_blank(Call& call) {
  double filled = 0, all = 0;
  for (const auto& piece : call[0].area().pieces)
    all += static_cast<double>(piece.area.rows()) * static_cast<double>(piece.area.columns());
  call.each(0,
            [&](const Value& value, bool) { return filled += !(value.is(Type::text) && value.text().empty()), true; });
  return all - filled;
}

struct Seen {
  std::size_t count = 0;
  double total = 0, least = 0, most = 0;
  void take(double n) {
    least = count ? std::min(least, n) : n;
    most = count ? std::max(most, n) : n;
    total += n;
    ++count;
  }
};
Value average(Call& call) {
  Seen seen;
  const Value error = each_number(call, 0, [&](double n) { seen.take(n); });
  return error.is_error()  ? error
         : seen.count == 0 ? Value(Fault::div0)
                           : checked(seen.total / static_cast<double>(seen.count));
}
Value least(Call& call) {
  Seen seen;
  const Value error = each_number(call, 0, [&](double n) { seen.take(n); });
  return error.is_error() ? error : Value(seen.least);
}
Value most(Call& call) {
  Seen seen;
  const Value error = each_number(call, 0, [&](double n) { seen.take(n); });
  return error.is_error() ? error : Value(seen.most);
}

// With texts as nothing and truths as one or nothing.
Value with_all(Call& call, Value (*finish)(const Seen&)) {
  Seen seen;
  Value error;
  for (std::size_t i = 0; i < call.count() && !error.is_error(); ++i) {
    call.each(i, [&](const Value& value, bool from_cells) {
      if (value.is_error()) return error = value, false;
      const Value number = value.is(Type::text) && from_cells ? Value(0) : to_number(value);
      if (number.is_error()) return error = number, false;
      seen.take(number.number());
      return true;
    });
  }
  return error.is_error() ? error : finish(seen);
}
Value average_a(Call& call) {
  return with_all(
      call, [](const Seen& s) { return s.count ? Value(s.total / static_cast<double>(s.count)) : Value(Fault::div0); });
}
Value least_a(Call& call) {
  return with_all(call, [](const Seen& s) { return Value(s.least); });
}
Value most_a(Call& call) {
  return with_all(call, [](const Seen& s) { return Value(s.most); });
}

Value sum_product(Call& call) {
  std::vector<Array> arrays;
  for (std::size_t i = 0; i < call.count(); ++i) {
    if (call[i].is_error()) return call[i];
    arrays.push_back(call.array(i));
    if (arrays[i].rows() != arrays[0].rows() || arrays[i].columns() != arrays[0].columns()) return Fault::value;
  }
  Sum total;
  for (std::size_t at = 0; at < arrays[0].size(); ++at) {
    double one = 1;
    for (const Array& array : arrays) {
      const Value& value = array.all()[at];
      if (value.is_error()) return value;
      one *= value.is(Type::number) ? value.number() : 0;
    }
    total.add(one);
  }
  return checked(total.total());
}

// The cells of one shape that meet all criteria, which are given in pairs from `first` on.
Value where(Call& call, std::size_t first, const Value& shape,
            const std::function<bool(std::uint32_t row, std::uint32_t column)>& take) {
  if (!shape.is(Type::area) || shape.area().pieces.size() != 1) return Fault::value;
  Evaluator& evaluator = call.evaluator();
  struct Pair {
    std::uint32_t sheet;
    Cell first;
    Criterion criterion;
  };
  std::vector<Pair> pairs;
  Area area = shape.area().pieces[0].area;
  const std::uint64_t rows = area.rows(), columns = area.columns();
  std::uint32_t last_row = 0, last_column = 0;
  bool blanks = true;  // whether what is beyond all cells may count
  for (std::size_t i = first; i + 1 < call.count(); i += 2) {
    if (!call[i].is(Type::area) || call[i].area().pieces.size() != 1)
      return call[i].is_error() ? call[i] : Value(Fault::value);
    const auto& piece = call[i].area().pieces[0];
    if (piece.area.rows() != rows || piece.area.columns() != columns) return Fault::value;
    pairs.push_back({piece.sheet, piece.area.first, Criterion(call[i + 1])});
    blanks = blanks && pairs.back().criterion.meets({});
    const Cell extent = evaluator.book().sheets[piece.sheet].extent();
    last_row = std::max(last_row, extent.row >= piece.area.first.row ? extent.row - piece.area.first.row + 1 : 0);
    last_column = std::max(last_column,
                           extent.column >= piece.area.first.column ? extent.column - piece.area.first.column + 1 : 0);
  }
  const auto row_end = static_cast<std::uint32_t>(blanks ? rows : std::min<std::uint64_t>(rows, last_row));
  const auto column_end = static_cast<std::uint32_t>(blanks ? columns : std::min<std::uint64_t>(columns, last_column));
  for (std::uint32_t column = 0; column < column_end; ++column) {
    for (std::uint32_t row = 0; row < row_end; ++row) {
      bool met = true;
      for (const Pair& pair : pairs) {
        met = pair.criterion.meets(evaluator.at(pair.sheet, {pair.first.row + row, pair.first.column + column}));
        if (!met) break;
      }
      if (met && !take(row, column)) return {};
    }
  }
  return {};
}

struct Chosen {
  Seen seen;
  Value error;
};

// What is summed where the criteria are met: the cells of `from` that lie as those that are looked at.
Chosen chosen(Call& call, std::size_t first, const Value& from, const Value& shape) {
  Chosen made;
  if (!from.is(Type::area)) return made.error = Fault::value, made;
  const auto& piece = from.area().pieces[0];
  Evaluator& evaluator = call.evaluator();
  const Value error = where(call, first, shape, [&](std::uint32_t row, std::uint32_t column) {
    const Cell cell{piece.area.first.row + row, piece.area.first.column + column};
    if (cell.row > formula::most_rows || cell.column > formula::most_columns) return true;
    const Value& value = evaluator.at(piece.sheet, cell);
    if (value.is_error()) return made.error = value, false;
    if (value.is(Type::number)) made.seen.take(value.number());
    return true;
  });
  if (error.is_error()) made.error = error;
  return made;
}

Value mean(const Seen& seen) {
  return seen.count ? Value(seen.total / static_cast<double>(seen.count)) : Value(Fault::div0);
}

// SUMIF(range, criterion, [what]): its first two are a pair of SUMIFS.
Chosen of_one(Call& call) {
  std::vector<Value> pair = {call[0], call[1]};
  Call two(call.evaluator(), nullptr, std::move(pair));
  return chosen(two, 0, call.has(2) ? call[2] : call[0], call[0]);
}
Chosen of_many(Call& call) { return chosen(call, 1, call[0], call[0]); }

template <Chosen (*choose)(Call&), Value (*finish)(const Seen&)>
Value over_chosen(Call& call) {
  const Chosen made = choose(call);
  return made.error.is_error() ? made.error : finish(made.seen);
}
Value total_of(const Seen& seen) { return checked(seen.total); }
Value least_of(const Seen& seen) { return seen.least; }
Value most_of(const Seen& seen) { return seen.most; }

Value count_ifs(Call& call) {
  std::size_t found = 0;
  if (call.count() % 2 != 0) return Fault::value;
  const Value error = where(call, 0, call[0], [&](std::uint32_t, std::uint32_t) { return ++found, true; });
  return error.is_error() ? error : Value(found);
}

constexpr Function table[] = {
    {"SUM", "r*", sum},
    {"SUMSQ", "r*", sum_squares},
    {"PRODUCT", "r*", product},
    {"COUNT", "r*", count},
    {"COUNTA", "r*", count_all},
    {"COUNTBLANK", "R", count_blank},
    {"AVERAGE", "r*", average},
    {"MIN", "r*", least},
    {"MAX", "r*", most},
    {"AVERAGEA", "r*", average_a},
    {"MINA", "r*", least_a},
    {"MAXA", "r*", most_a},
    {"SUMPRODUCT", "a*", sum_product},
    {"SUMIF", "rv?r", over_chosen<of_one, total_of>},
    {"AVERAGEIF", "rv?r", over_chosen<of_one, mean>},
    {"SUMIFS", "r?rv*", over_chosen<of_many, total_of>},
    {"AVERAGEIFS", "r?rv*", over_chosen<of_many, mean>},
    {"MAXIFS", "r?rv*", over_chosen<of_many, most_of>},
    {"MINIFS", "r?rv*", over_chosen<of_many, least_of>},
    {"COUNTIF", "re", count_ifs},
    {"COUNTIFS", "re*", count_ifs},
};

}  // namespace

std::span<const Function> aggregate_functions() { return table; }

}  // namespace xlsx::calc

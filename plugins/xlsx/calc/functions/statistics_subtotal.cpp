// SUBTOTAL and AGGREGATE: one of many functions by its number, over cells of which some are left out: those that are
// such a sum themselves, and errors. No cell is hidden here.
#include <algorithm>
#include <cmath>

#include "../convert.hpp"
#include "../evaluator.hpp"
#include "numbers.hpp"
#include "ranks.hpp"

namespace xlsx::calc {
namespace {

// What counts among cells.
struct Gathered {
  Numbers numbers;
  std::size_t filled = 0;
  Value error;  // the first one
};

struct Without {
  bool sums = false, errors = false;
};

void gather(const Value& value, const Without& without, Gathered& to) {
  if (value.blank() || (value.is_error() && without.errors)) return;
  ++to.filled;
  if (value.is_error() && !to.error.is_error()) to.error = value;
  if (value.is(Type::number)) to.numbers.push_back(value.number());
}

// Whether the formula of a cell is a call of SUBTOTAL or AGGREGATE.
bool is_sum(const Book& book, Place place, std::uint32_t number) {
  if (number == 0) return false;
  if ((number & Book::member) != 0) {
    const Place anchor = book.anchor(place);
    const Block* const block = book.sheets[anchor.sheet].block(anchor.cell);
    number = block ? block->formulas[(anchor.cell.row - 1) % Block::rows] : 0;
    if (number == 0 || (number & Book::member) != 0) return false;
  }
  const Formula& formula = book.formulas[number - 1];
  if (formula.nodes.empty() || !formula.broken.empty()) return false;
  const Node& root = formula.nodes[formula.root];
  if (root.op != Op::call) return false;
  const Function* const called = formula.calls[root.index].function;
  return called && (called->name == "SUBTOTAL" || called->name == "AGGREGATE");
}

void gather_area(Evaluator& evaluator, const Reference::Piece& piece, const Without& without, Gathered& to) {
  Book& book = evaluator.book();
  book.sheets[piece.sheet].visit(
      piece.area, [&](Block& block, std::uint32_t column, std::uint32_t base, std::uint32_t from, std::uint32_t end) {
        for (std::uint32_t row = from; row < end; ++row) {
          const Cell cell{base + row, column};
          if (without.sums && is_sum(book, {piece.sheet, cell}, block.formulas[row])) continue;
          gather(block.due ? evaluator.at(piece.sheet, cell) : block.values[row], without, to);
        }
        return true;
      });
}

// Of the references from `first` up to `end`; several sheets at once are none.
Value gather_all(Call& call, std::size_t first, std::size_t end, const Without& without, Gathered& to) {
  for (std::size_t i = first; i < end; ++i) {
    if (call[i].is_error()) return call[i];
    if (!call[i].is(Type::area)) return Fault::value;
    for (const auto& piece : call[i].area().pieces) {
      if (piece.sheet != piece.last_sheet) return Fault::value;
      gather_area(call.evaluator(), piece, without, to);
    }
  }
  return {};
}

double total(const Numbers& numbers) {
  Sum sum;
  for (const double n : numbers) sum.add(n);
  return sum.total();
}
double product(const Numbers& numbers) {
  double all = numbers.empty() ? 0 : 1;
  for (const double n : numbers) all *= n;
  return all;
}
double extreme(const Numbers& numbers, bool most) {
  if (numbers.empty()) return 0;
  return most ? *std::max_element(numbers.begin(), numbers.end()) : *std::min_element(numbers.begin(), numbers.end());
}

// By the numbers that both functions have.
Value finished(int function, Gathered& of) {
  if (function == 2) return of.numbers.size();
  if (function == 3) return of.filled;
  if (of.error.is_error()) return of.error;
  switch (function) {
    case 1: return of.numbers.empty() ? Value(Fault::div0) : checked(mean_of(of.numbers));
    case 4: return extreme(of.numbers, true);
    case 5: return extreme(of.numbers, false);
    case 6: return checked(product(of.numbers));
    case 7: return deviation(of.numbers, 1);
    case 8: return deviation(of.numbers, 0);
    case 9: return checked(total(of.numbers));
    case 10: return variance(of.numbers, 1);
    case 11: return variance(of.numbers, 0);
    case 12: return median(of.numbers);
    default: return most_frequent(of.numbers);
  }
}

Value subtotal(Call& call) {
  double function = std::trunc(call.number(0));
  if (function > 100) function -= 100;  // without hidden rows
  if (function < 1 || function > 11) return Fault::value;
  Gathered gathered;
  const Value error = gather_all(call, 1, call.count(), {.sums = true}, gathered);
  return error.is_error() ? error : finished(static_cast<int>(function), gathered);
}

Value placed(int function, Numbers& numbers, double which) {
  switch (function) {
    case 14: return largest(numbers, which);
    case 15: return smallest(numbers, which);
    case 16: return percentile(numbers, which);
    case 17: return quartile(numbers, which);
    case 18: return percentile_inside(numbers, which);
    default: return quartile_inside(numbers, which);
  }
}

// Those that look for a place, of cells or of an array; for each place if there are several.
Value aggregate_place(Call& call, int function, const Without& without) {
  if (call.count() != 4) return Fault::value;
  Gathered gathered;
  if (call[2].is(Type::area)) {
    const Value error = gather_all(call, 2, 3, without, gathered);
    if (error.is_error()) return error;
  } else {
    const Array array = call.array(2);
    for (const Value& value : array.all()) gather(value, without, gathered);
  }
  if (gathered.error.is_error()) return gathered.error;
  Value which = call[3];
  if (which.is(Type::area) && !call.evaluator().array()) which = call.evaluator().intersection(which.area());
  if (which.is(Type::area)) which = call.evaluator().values_of(which.area());
  const auto one = [&](const Value& at) {
    const Value number = to_number(at);
    return number.is_error() ? number : placed(function, gathered.numbers, number.number());
  };
  if (!which.is(Type::array)) return one(which);
  Array result(which.array().rows(), which.array().columns());
  for (std::size_t i = 0; i < result.size(); ++i) result.all()[i] = one(which.array().all()[i]);
  return result;
}

Value aggregate(Call& call) {
  const double function = std::trunc(call.number(0)), options = std::trunc(call.number(1));
  if (function < 1 || function > 19 || options < 0 || options > 7) return Fault::value;
  const int option = static_cast<int>(options);
  const Without without{.sums = option < 4, .errors = (option & 2) != 0};
  if (function >= 14) return aggregate_place(call, static_cast<int>(function), without);
  Gathered gathered;
  const Value error = gather_all(call, 2, call.count(), without, gathered);
  return error.is_error() ? error : finished(static_cast<int>(function), gathered);
}

constexpr Function table[] = {
    {"SUBTOTAL", "nr?r*", subtotal},
    {"AGGREGATE", "nna?a*", aggregate},
};

}  // namespace

std::span<const Function> subtotal_functions() { return table; }

}  // namespace xlsx::calc

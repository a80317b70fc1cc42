// By the references that stand in formulas; what OFFSET and INDIRECT lead to is not followed.
#include "trace.hpp"

#include <unordered_set>

#include "calc/evaluator.hpp"

namespace xlsx {

using calc::Place;

namespace {

std::uint64_t key(Place place) {
  return std::uint64_t{place.sheet} << 40 | std::uint64_t{place.cell.row} << 16 | place.cell.column;
}

}  // namespace

const calc::Formula* Trace::formula(Place place) const {
  const calc::Block* const block = m_book.sheets[place.sheet].block(place.cell);
  std::uint32_t number = block == nullptr ? 0 : block->formulas[(place.cell.row - 1) % calc::Block::rows];
  if (number == calc::Book::member) {
    const auto anchor = m_book.anchor(place);
    return anchor ? formula(*anchor) : nullptr;
  }
  return number == 0 ? nullptr : &m_book.formulas[number - 1];
}

// Also through the names that the formula uses.
template <class Visit>
void Trace::each_area(Place place, Visit&& visit) const {
  const calc::Formula* const start = formula(place);
  if (start == nullptr) return;
  std::vector<const calc::Formula*> all{start};
  for (std::size_t i = 0; i < all.size() && i < 64; ++i) {
    for (const calc::Referred& one : all[i]->references) {
      for (const auto& piece : calc::Evaluator::resolve_at(one, place).pieces) {
        for (std::uint32_t sheet = piece.sheet; sheet <= piece.last_sheet; ++sheet) {
          if (!visit(sheet, piece.area)) return;
        }
      }
    }
    for (const calc::Node& node : all[i]->nodes)
      if (node.op == calc::Op::defined) all.push_back(&m_book.names[node.index].formula);
  }
}

std::optional<Place> Trace::source(Place place, calc::Fault fault) const {
  std::optional<Place> found;
  each_area(place, [&](std::uint32_t sheet, const calc::Area& area) {
    m_book.sheets[sheet].visit(
        area, [&](calc::Block& block, std::uint32_t column, std::uint32_t base, std::uint32_t from, std::uint32_t to) {
          for (std::uint32_t row = from; row < to; ++row) {
            const calc::Value& value = block.values[row];
            const Place one{sheet, {base + row, column}};
            if (!value.is_error() || value.fault() != fault || one == place) continue;
            found = one;
            return false;
          }
          return true;
        });
    return !found;
  });
  return found;
}

Place Trace::root(Place place) const {
  const calc::Fault fault = m_book.sheets[place.sheet].value(place.cell).fault();
  std::unordered_set<std::uint64_t> seen{key(place)};
  while (seen.size() < most_steps) {
    const auto next = source(place, fault);
    if (!next || !seen.insert(key(*next)).second) break;
    place = *next;
  }
  return place;
}

bool Trace::changes(Place place) const {
  std::vector<Place> open{place};
  std::unordered_set<std::uint64_t> seen{key(place)};
  while (!open.empty() && seen.size() < most_steps) {
    const Place one = open.back();
    open.pop_back();
    const calc::Formula* const here = formula(one);
    if (here == nullptr) continue;
    if (here->is_volatile) return true;
    each_area(one, [&](std::uint32_t sheet, const calc::Area& area) {
      return m_book.sheets[sheet].visit(area, [&](calc::Block& block, std::uint32_t column, std::uint32_t base,
                                                  std::uint32_t from, std::uint32_t to) {
        for (std::uint32_t row = from; row < to && seen.size() < most_steps; ++row) {
          const Place next{sheet, {base + row, column}};
          if (block.formulas[row] != 0 && seen.insert(key(next)).second) open.push_back(next);
        }
        return true;
      });
    });
  }
  return false;
}

}  // namespace xlsx

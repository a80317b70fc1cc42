// By the references that stand in formulas; what OFFSET and INDIRECT lead to is not followed.
#include "trace.hpp"

#include <unordered_set>

#include "calc/evaluator.hpp"

namespace xlsx {

using calc::Place;

namespace {

// A formula, and those of the names that it uses.
std::vector<const calc::Formula*> with_names(const calc::Book& book, const calc::Formula* formula) {
  constexpr std::size_t most = 64;
  std::vector<const calc::Formula*> all;
  if (formula != nullptr) all.push_back(formula);
  for (std::size_t i = 0; i < all.size() && all.size() < most; ++i) {
    for (const calc::Node& node : all[i]->nodes)
      if (node.op == calc::Op::defined) all.push_back(&book.names[node.index].formula);
  }
  return all;
}

}  // namespace

const calc::Formula* Trace::formula(Place place) const {
  place = m_book.anchor(place);
  const calc::Block* const block = m_book.sheets[place.sheet].block(place.cell);
  const std::uint32_t number = block == nullptr ? 0 : block->formulas[(place.cell.row - 1) % calc::Block::rows];
  return number == 0 || (number & calc::Book::member) != 0 ? nullptr : &m_book.formulas[number - 1];
}

template <class Visit>
void Trace::each_area(Place place, Visit&& visit) const {
  for (const calc::Formula* one : with_names(m_book, formula(place))) {
    for (const calc::Referred& referred : one->references) {
      for (const auto& piece : calc::Evaluator::resolve_at(referred, place).pieces) {
        for (std::uint32_t sheet = piece.sheet; sheet <= piece.last_sheet; ++sheet) {
          if (!visit(sheet, piece.area)) return;
        }
      }
    }
  }
}

std::optional<Place> Trace::source(Place place, calc::Fault fault) {
  std::optional<Place> found;
  each_area(place, [&](std::uint32_t sheet, const calc::Area& area) {
    m_book.sheets[sheet].visit(
        area, [&](calc::Block& block, std::uint32_t column, std::uint32_t base, std::uint32_t from, std::uint32_t to) {
          for (std::uint32_t row = from; row < to && m_left > 0; ++row, --m_left) {
            const calc::Value& value = block.values[row];
            const Place one{sheet, {base + row, column}};
            if (!value.is_error() || value.fault() != fault || one == place) continue;
            found = one;
            return false;
          }
          return m_left > 0;
        });
    return !found && m_left > 0;
  });
  return found;
}

std::optional<Place> Trace::root(Place place) {
  const calc::Fault fault = m_book.sheets[place.sheet].value(place.cell).fault();
  std::vector<Place> way{place};
  std::unordered_set<std::uint64_t> seen{place.key()};
  Place end = place;
  while (true) {
    if (const auto known = m_roots.find(end.key()); known != m_roots.end()) {
      end = known->second;
      break;
    }
    const auto next = source(end, fault);
    if (m_left == 0) return std::nullopt;
    if (!next || !seen.insert(next->key()).second) break;
    way.push_back(end = *next);
  }
  for (const Place& one : way) m_roots[one.key()] = end;
  return end;
}

bool Trace::changes_itself(Place place) const {
  for (const calc::Formula* one : with_names(m_book, formula(place)))
    if (one->is_volatile) return true;
  return false;
}

// What was looked at without finding any that changes does not change, either.
bool Trace::changes(Place place) {
  std::vector<Place> open{place};
  std::unordered_set<std::uint64_t> seen{place.key()};
  bool found = false;
  while (!open.empty() && !found && m_left > 0) {
    const Place one = open.back();
    open.pop_back();
    if (const auto known = m_changes.find(one.key()); known != m_changes.end()) {
      found = known->second;
      continue;
    }
    found = changes_itself(one);
    each_area(one, [&](std::uint32_t sheet, const calc::Area& area) {
      return !found && m_book.sheets[sheet].visit(area, [&](calc::Block& block, std::uint32_t column,
                                                            std::uint32_t base, std::uint32_t from, std::uint32_t to) {
        for (std::uint32_t row = from; row < to && m_left > 0; ++row, --m_left) {
          const Place next{sheet, {base + row, column}};
          if (block.formulas[row] != 0 && seen.insert(next.key()).second) open.push_back(next);
        }
        return m_left > 0;
      });
    });
  }
  if (found) m_changes[place.key()] = true;
  if (!found && m_left > 0)
    for (const std::uint64_t one : seen) m_changes[one] = false;
  return found;
}

}  // namespace xlsx

// A walk over the cells that need each other, with a stack of its own: a cell waits on it while those that it needs are
// computed. Where a reference lies that is known only while a formula is computed, the formula is broken off and begun
// again afterwards.
#include "engine.hpp"

#include <algorithm>

namespace xlsx::calc {
namespace {

constexpr std::size_t most_places = 100;

}  // namespace

Computed Engine::run(const std::function<bool()>& stop) {
  std::size_t until_asked = 0;
  for (std::uint32_t sheet = 0; sheet < m_book.sheets.size(); ++sheet) {
    const Area all{{1, 1}, {formula::most_rows, formula::most_columns}};
    Cell from{1, 1};
    while (const auto next = m_book.sheets[sheet].next_due(all, from, sheet)) {
      push(*next);
      while (!m_steps.empty()) {
        if (++until_asked % 1024 == 0 && stop && stop()) {
          m_computed.stopped = true;
          return std::move(m_computed);
        }
        go_on();
      }
      from = next->cell;
    }
  }
  return std::move(m_computed);
}

void Engine::push(Place place) {
  block(place).stages[row(place)] = Stage::begun;
  m_steps.push_back({.place = place});
}

// One look at the cell on top of the stack: what it needs first, or its value.
void Engine::go_on() {
  Step& step = m_steps.back();
  Block& here = block(step.place);
  if (here.stages[row(step.place)] == Stage::done) {
    return m_steps.pop_back();
  }
  const std::uint32_t number = here.formulas[row(step.place)];
  if ((number & Book::member) != 0) {  // of an array: its anchor computes it
    const Place anchor = m_book.anchor(step.place);
    if (block(anchor).stages[row(anchor)] != Stage::done) {
      if (block(anchor).stages[row(anchor)] == Stage::begun)
        circle(anchor);
      else
        push(anchor);
      return;
    }
    done(step.place, m_book.sheets[step.place.sheet].value(step.place.cell));
    return m_steps.pop_back();
  }
  const Formula& formula = m_book.formulas[number - 1];
  if (const auto first = needed(step, formula)) {
    if (block(*first).stages[row(*first)] == Stage::begun)
      circle(*first);
    else
      push(*first);
    return;
  }
  evaluate(step, formula);
}

std::optional<Place> Engine::needed(Step& step, const Formula& formula) {
  for (; step.reference < formula.references.size(); ++step.reference, step.from = {0, 0}) {
    const Reference resolved = m_evaluator.resolve_at(formula.references[step.reference], step.place);
    for (const auto& piece : resolved.pieces) {
      for (std::uint32_t sheet = piece.sheet; sheet <= piece.last_sheet; ++sheet) {
        const auto found = m_book.sheets[sheet].next_due(piece.area, step.from, sheet);
        if (!found) continue;
        if (piece.sheet == piece.last_sheet) step.from = found->cell;
        return found;
      }
    }
  }
  return std::nullopt;
}

void Engine::evaluate(const Step& step, const Formula& formula) {
  const Place place = step.place;
  const auto array = m_book.arrays.find(place.key());
  m_evaluator.unsupported.clear();
  Value value;
  try {
    value = m_evaluator.run(formula, place, array != m_book.arrays.end());
  } catch (const Pending& pending) {
    if (block(pending.place).stages[row(pending.place)] == Stage::begun)
      circle(pending.place);
    else
      push(pending.place);
    return;
  }
  ++m_computed.formulas;
  if (!m_evaluator.unsupported.empty()) {
    name(m_evaluator.unsupported, place);
    if (!block(place).values[row(place)].is(Type::blank)) {
      m_steps.pop_back();
      return keep(place);
    }
    m_computed.unknown.insert(place.key());
  }
  m_steps.pop_back();
  if (array != m_book.arrays.end()) return put_array(place, std::move(value));
  if (value.is(Type::array)) value = value.array().size() ? value.array().all()[0] : Value(Fault::calc);
  if (value.is(Type::blank)) value = 0;
  done(place, std::move(value));
}

void Engine::done(Place place, Value value) {
  Block& here = block(place);
  here.values[row(place)] = std::move(value);
  if (here.stages[row(place)] != Stage::done) --here.due;
  here.stages[row(place)] = Stage::done;
}

// Over the whole area of an array formula.
void Engine::put_array(Place anchor, Value value) {
  const Area area = m_book.arrays.at(anchor.key());
  const bool single = !value.is(Type::array);
  for (std::uint32_t r = area.first.row; r <= area.last.row; ++r) {
    for (std::uint32_t c = area.first.column; c <= area.last.column; ++c) {
      const std::size_t y = r - area.first.row, x = c - area.first.column;
      Value one = Fault::na;
      if (single) {
        one = value;
      } else {
        const Array& values = value.array();
        const std::size_t row = values.rows() == 1 ? 0 : y, column = values.columns() == 1 ? 0 : x;
        if (row < values.rows() && column < values.columns()) one = values.at(row, column);
      }
      if (one.blank()) one = 0;
      const Place place{anchor.sheet, {r, c}};
      m_book.sheets[anchor.sheet].make_block(place.cell);
      if (block(place).stages[row(place)] == Stage::none)
        m_book.set(place, std::move(one));
      else
        done(place, std::move(one));
    }
  }
}

// The cells from `place` on up to the top of the stack need each other. The first of them counts as nothing, as in
// Excel; where circles are meant to be, as the file says.
void Engine::circle(Place place) {
  if (m_book.iterate) {
    name("a circle that is iterated", place);
    return keep(place);
  }
  if (m_computed.circles.size() < most_places) {
    std::vector<Place> cells;
    for (auto step = m_steps.rbegin(); step != m_steps.rend(); ++step) {
      cells.push_back(step->place);
      if (step->place == place) break;
    }
    m_computed.circles.emplace_back(cells.rbegin(), cells.rend());
  }
  done(place, 0);
}

void Engine::name(const std::string& what, Place place) {
  Uncomputed& here = m_computed.unsupported[what];
  if (++here.count <= most_places) here.cells.push_back(place);
}

// What the file says of it counts.
void Engine::keep(Place place) {
  const Value value = block(place).values[row(place)];
  done(place, value.is(Type::blank) ? Value(0) : value);
}

}  // namespace xlsx::calc

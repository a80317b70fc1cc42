// Glushkov's positions, and the states that come of them. The content model needs not be deterministic: states are
// sets.
#include "automaton.hpp"

#include <algorithm>
#include <map>

#include "cursor.hpp"

namespace ooxml::compiler {

namespace {

constexpr std::size_t most_positions = 4096, most_states = 8192;

using Set = std::vector<int>;  // sorted

void unite(Set& set, const Set& other) {
  if (other.empty()) return;
  Set all;
  std::set_union(set.begin(), set.end(), other.begin(), other.end(), std::back_inserter(all));
  set.swap(all);
}

struct Part {
  bool nullable = true;
  Set first{}, last{};
};

class Positions {
 public:
  Part build(const Node& node) {
    Part all;
    int copies = std::max(node.least, node.most == unbounded ? 1 : node.most);
    for (int i = 0; i < copies; ++i) {
      Part one = once(node);
      if (i >= node.least) one.nullable = true;
      if (node.most == unbounded && i == copies - 1) connect(one.last, one.first);
      append(all, one);
    }
    return all;
  }

  std::vector<int> symbols;  // of each position
  std::vector<Set> follow;

 private:
  Part once(const Node& node) {
    if (node.kind == Node::Kind::symbol) {
      if (symbols.size() >= most_positions) throw Wrong{"the content is too complicated: too many positions"};
      int position = static_cast<int>(symbols.size());
      symbols.push_back(node.symbol);
      follow.emplace_back();
      return {false, {position}, {position}};
    }
    Part all;
    if (node.kind == Node::Kind::choice) all.nullable = false;
    for (const Node& child : node.children) {
      Part one = build(child);
      if (node.kind == Node::Kind::sequence) {
        append(all, one);
        continue;
      }
      all.nullable |= one.nullable;
      unite(all.first, one.first);
      unite(all.last, one.last);
    }
    return all;
  }

  void append(Part& all, const Part& next) {
    connect(all.last, next.first);
    if (all.nullable) unite(all.first, next.first);
    if (!next.nullable) all.last.clear();
    unite(all.last, next.last);
    all.nullable &= next.nullable;
  }

  void connect(const Set& from, const Set& to) {
    for (int position : from) unite(follow[static_cast<std::size_t>(position)], to);
  }
};

// Symbols that lead to the same states from everywhere are one class.
Automaton in_classes(const std::vector<std::vector<std::uint16_t>>& rows, std::vector<std::uint8_t> ends,
                     std::size_t symbols) {
  Automaton made;
  made.ends = std::move(ends);
  std::map<std::vector<std::uint16_t>, std::uint16_t> known;
  std::vector<const std::vector<std::uint16_t>*> columns;
  for (std::size_t symbol = 0; symbol < symbols; ++symbol) {
    std::vector<std::uint16_t> column;
    for (const auto& row : rows) column.push_back(row[symbol]);
    auto [at, added] = known.emplace(std::move(column), static_cast<std::uint16_t>(known.size()));
    if (added) columns.push_back(&at->first);
    made.classes.push_back(at->second);
  }
  made.width = static_cast<std::uint16_t>(columns.size());
  for (std::size_t state = 0; state < rows.size(); ++state) {
    for (const auto* column : columns) made.steps.push_back((*column)[state]);
  }
  return made;
}

}  // namespace

Automaton make_automaton(const Node& root, int symbols) {
  Positions positions;
  Part all = positions.build(root);
  std::vector<bool> is_last(positions.symbols.size());
  for (int position : all.last) is_last[static_cast<std::size_t>(position)] = true;

  // A state is what may follow, and whether the end may.
  std::map<std::pair<Set, bool>, std::uint16_t> known;
  std::vector<const std::pair<Set, bool>*> states;
  auto state_of = [&](Set follow, bool end) {
    auto [at, added] = known.emplace(std::make_pair(std::move(follow), end), static_cast<std::uint16_t>(states.size()));
    if (added) states.push_back(&at->first);
    if (states.size() > most_states) throw Wrong{"the content is too complicated: too many states"};
    return at->second;
  };
  state_of(all.first, all.nullable);
  std::vector<std::vector<std::uint16_t>> rows;
  std::vector<std::uint8_t> ends;
  for (std::size_t state = 0; state < states.size(); ++state) {
    ends.push_back(states[state]->second ? 1 : 0);
    std::map<int, std::pair<Set, bool>> next;
    for (int position : states[state]->first) {
      auto at = static_cast<std::size_t>(position);
      auto& [follow, end] = next[positions.symbols[at]];
      unite(follow, positions.follow[at]);
      end |= is_last[at];
    }
    std::vector<std::uint16_t> row(static_cast<std::size_t>(symbols), no_state);
    for (auto& [symbol, to] : next) row[static_cast<std::size_t>(symbol)] = state_of(std::move(to.first), to.second);
    rows.push_back(std::move(row));
  }
  return in_classes(rows, std::move(ends), static_cast<std::size_t>(symbols));
}

}  // namespace ooxml::compiler

// Values: bounds, words and patterns become rows.
#include <algorithm>

#include "build.hpp"
#include "pattern.hpp"

namespace ooxml::compiler {

std::uint16_t Builder::value(const ValueUse& use) {
  if (use.named.empty()) return value_row(use, "");
  auto known = m_named.find(use.named);
  if (known != m_named.end()) return known->second;
  auto words_of = m_model.enumerations.find(use.named);
  auto value_of = m_model.values.find(use.named);
  std::uint16_t number = no_value;
  if (words_of != m_model.enumerations.end()) {
    ValueRow row{};
    row.name = m_made.keep(use.named);
    row.kind = ValueKind::words;
    words(words_of->second, row);
    number = static_cast<std::uint16_t>(m_made.values.size());
    m_made.values.push_back(row);
  } else if (value_of == m_model.values.end()) {
    complain(use.place, "there is no value or enumeration " + use.named);
    return no_value;
  } else if (m_naming[use.named]++ > 0) {
    complain(use.place, "the value " + use.named + " is made of itself");
    return no_value;
  } else {
    number = value_row(value_of->second.value, use.named);
  }
  m_named[use.named] = number;
  return number;
}

std::uint16_t Builder::value_row(const ValueUse& use, const std::string& name) {
  if (!use.named.empty()) return value(use);
  ValueRow row{};
  row.name = m_made.keep(name);
  row.kind = use.kind;
  row.width = use.width;
  row.sign = use.sign;
  row.bounded = use.bounded;
  row.from = use.from;
  row.to = use.to;
  row.low = use.low;
  row.high = use.high;
  if (use.kind == ValueKind::pattern) pattern(use, row);
  std::vector<std::uint16_t> members;
  for (const ValueUse& member : use.members) members.push_back(value(member));
  if (!members.empty()) {
    row.first = static_cast<std::uint32_t>(m_made.members.size());
    row.count = static_cast<std::uint32_t>(members.size());
    m_made.members.insert(m_made.members.end(), members.begin(), members.end());
  } else if (name.empty() && use.kind != ValueKind::pattern) {
    auto same = std::find_if(m_made.values.begin(), m_made.values.end(), [&](const ValueRow& other) {
      return other.name.empty() && other.kind == row.kind && other.width == row.width && other.sign == row.sign &&
             other.bounded == row.bounded && other.from == row.from && other.to == row.to && other.low == row.low &&
             other.high == row.high && other.count == 0;
    });
    if (same != m_made.values.end()) return static_cast<std::uint16_t>(same - m_made.values.begin());
  }
  m_made.values.push_back(row);
  return static_cast<std::uint16_t>(m_made.values.size() - 1);
}

void Builder::words(const Enumeration& from, ValueRow& row) {
  std::vector<WordRow> rows;
  for (const Word& word : from.words) rows.push_back({m_made.keep(word.text), word.gate.since, word.gate.edition});
  std::sort(rows.begin(), rows.end(), [](const WordRow& a, const WordRow& b) { return a.word < b.word; });
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].word == rows[i - 1].word)
      complain(from.place, "\"" + std::string(rows[i].word) + "\" stands there twice");
  }
  if (rows.empty()) complain(from.place, "an enumeration without words");
  row.first = static_cast<std::uint32_t>(m_made.words.size());
  row.count = static_cast<std::uint32_t>(rows.size());
  m_made.words.insert(m_made.words.end(), rows.begin(), rows.end());
}

void Builder::pattern(const ValueUse& use, ValueRow& row) {
  row.first = static_cast<std::uint32_t>(m_made.patterns.size());
  try {
    Pattern made = make_pattern(use.pattern);
    m_made.patterns.push_back({m_made.keep(use.pattern), static_cast<std::uint32_t>(m_made.pattern_classes.size()),
                               static_cast<std::uint32_t>(m_made.pattern_steps.size()),
                               static_cast<std::uint32_t>(m_made.pattern_ends.size()), made.width});
    m_made.pattern_classes.insert(m_made.pattern_classes.end(), made.classes.begin(), made.classes.end());
    m_made.pattern_steps.insert(m_made.pattern_steps.end(), made.steps.begin(), made.steps.end());
    m_made.pattern_ends.insert(m_made.pattern_ends.end(), made.ends.begin(), made.ends.end());
  } catch (const Wrong& wrong) {
    complain(use.place, wrong.text);
  }
}

}  // namespace ooxml::compiler

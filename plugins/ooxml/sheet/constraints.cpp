// Holds each element against the constraints that are written as lines.
#include "sheet/constraints.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "names.hpp"
#include "sheet/reader.hpp"

namespace ooxml::sheet {

namespace {

// The rules for an element are few; most elements have none. One table, made when it is needed first.
struct Rules {
  std::vector<const RelationRule*> relations;
  std::vector<const IndexRule*> indexes;
  std::vector<const ConditionRule*> conditions;
  std::vector<const UniqueRule*> uniques;
  std::vector<const CountRule*> counted;
};

using RulesByName = std::unordered_map<std::uint32_t, Rules>;

const RulesByName& rules() {
  static const RulesByName all = [] {
    RulesByName made;
    for (const auto& one : relation_rules()) made[key(one.where.element)].relations.push_back(&one);
    for (const auto& one : index_rules()) made[key(one.where.element)].indexes.push_back(&one);
    for (const auto& one : condition_rules()) made[key(one.where.element)].conditions.push_back(&one);
    for (const auto& one : unique_rules()) made[key(one.where.element)].uniques.push_back(&one);
    for (const auto& one : count_rules()) made[key(one.where.element)].counted.push_back(&one);
    return made;
  }();
  return all;
}

bool stands(const Where& where, Name parent) { return where.parent == Name{} || where.parent == parent; }

double as_number(std::string_view text) {
  double number = 0;
  text = trimmed(text);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : std::nan("");
}

std::string quoted(std::string_view text) {
  constexpr std::size_t most = 60;
  return "\"" + std::string(text.substr(0, most)) + (text.size() > most ? "…" : "") + "\"";
}

// As the file writes it.
std::string spelled(const Start& element, Name attribute) {
  for (const Attribute& one : element.attributes) {
    if (one.name == attribute) return std::string(one.local);
  }
  return {};
}

}  // namespace

bool among(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; at <= words.size();) {
    std::size_t end = std::min(words.find(' ', at), words.size());
    if (words.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

void PartReader::constraints(const Start& element) {
  auto found = rules().find(key(element.name));
  if (found == rules().end()) return;
  const Rules& its = found->second;
  Name parent = up(1);
  for (const CountRule* rule : its.counted) {
    if (stands(rule->where, parent)) count(rule->what);
  }
  for (const RelationRule* rule : its.relations) {
    if (stands(rule->where, parent)) relation(*rule, element);
  }
  for (const IndexRule* rule : its.indexes) {
    if (stands(rule->where, parent)) index(*rule, element);
  }
  for (const ConditionRule* rule : its.conditions) {
    if (stands(rule->where, parent)) condition(*rule, element);
  }
  for (const UniqueRule* rule : its.uniques) {
    if (stands(rule->where, parent)) unique(*rule, element);
  }
}

void PartReader::count(Counted what) { ++(of_the_book(what) ? facts.count(what) : local(what)); }

// That the relationship is there is the grammar's to say where the judge says it, too.
void PartReader::relation(const RelationRule& rule, const Start& element) {
  std::string_view id = element.value(names::r::id);
  if (id.data() == nullptr) return;
  const Relationship* relation = tell.reading().part.relation(id);
  Severity severity = rule.needed ? Severity::refused : Severity::repaired;
  if (relation == nullptr && !rule.judged)
    tell.mind(severity, "dangling-relationship", "There is no relationship " + quoted(id) + " in this part.", "r:id",
              "Add the relationship, or take the element away.");
  if (relation == nullptr || rule.types.empty() || among(rule.types, relation->type)) return;
  tell.mind(
      severity, "wrong-relationship",
      "The relationship " + quoted(id) + " is of the type " + quoted(relation->type) + ", which is not meant here.",
      "r:id", "Name a relationship of the right type.", std::string(rule.types));
}

void PartReader::index(const IndexRule& rule, const Start& element) {
  std::uint32_t number = 0;
  if (!read_number(element.value(rule.attribute), number)) return;
  if (number < (of_the_book(rule.of) ? facts.count(rule.of) : local(rule.of)) || m_late.size() >= most_kept) return;
  // Without windows there is the usual one.
  if (rule.of == Counted::views && number == 0) return;
  // What is counted may come later in the part.
  m_late.push_back({rule.of, number, std::string(element.local), spelled(element, rule.attribute),
                    tell.reading().findings.full() ? "" : tell.reading().position.path(), element.line, rule.exact});
}

void PartReader::missing(const Late& late) {
  std::uint32_t there = of_the_book(late.what) ? facts.count(late.what) : local(late.what);
  std::uint32_t elements = home(late.what) < 0 ? m_elements : facts.elements[home(late.what)];
  constexpr std::uint32_t most = 0x7FFFFFFF;  // the judge reads no more
  bool judged = late.index <= most && (late.exact || late.index >= elements);
  tell.at(late.path, late.line, judged ? Layer::semantic : Layer::rule, judged ? Severity::schema : Severity::repaired,
          "missing-index",
          "\"" + late.attribute + "\" is " + std::to_string(late.index) + ", and there are only " +
              std::to_string(there) + " of what it counts.",
          late.attribute, "Give the index of one that is there.");
}

void PartReader::condition(const ConditionRule& rule, const Start& element) {
  std::string_view one = element.value(rule.attribute), other = element.value(rule.other);
  if (one.data() == nullptr) return;
  std::string name = spelled(element, rule.attribute), message;
  switch (rule.condition) {
    case Condition::exclusive:
      if (other.data() != nullptr)
        message = "It may not have both \"" + name + "\" and \"" + spelled(element, rule.other) + "\".";
      break;
    case Condition::absent_unless:
      if (!among(rule.words, other))
        message = "\"" + name + "\" may be there only for " + std::string(rule.words) + ".";
      break;
    case Condition::absent_if:
      if (other.data() != nullptr && among(rule.words, other))
        message = "\"" + name + "\" may not be there while \"" + spelled(element, rule.other) + "\" is " +
                  quoted(other) + ".";
      break;
    case Condition::value_if:
      if (other.data() != nullptr && among(rule.words, other) && !among(rule.value, one))
        message = "\"" + name + "\" must be " + std::string(rule.value) + " while \"" + spelled(element, rule.other) +
                  "\" is " + quoted(other) + ".";
      break;
    case Condition::less:
    case Condition::less_or_equal: {
      double a = as_number(one), b = as_number(other);
      if (a > b || (rule.condition == Condition::less && a == b))
        message = "\"" + name + "\" is " + quoted(one) + ", and \"" + spelled(element, rule.other) + "\" is " +
                  quoted(other) + ".";
      break;
    }
  }
  if (!message.empty()) tell.object(Severity::schema, "attributes-disagree", message, name);
}

void PartReader::unique(const UniqueRule& rule, const Start& element) {
  std::string_view value = element.value(rule.attribute);
  if (value.data() == nullptr || !again(key(element.name) ^ key(rule.attribute) << 7, value, rule.whatever_case))
    return;
  std::string name = spelled(element, rule.attribute);
  std::string message =
      "Another \"" + std::string(element.local) + "\" has the " + name + " " + quoted(value) + ", too.";
  std::string remedy = "Give each its own.";
  if (rule.judged) return tell.object(Severity::schema, "duplicate-" + name, message, name, remedy);
  tell.mind(Severity::repaired, "duplicate-" + name, message, name, remedy);
}

}  // namespace ooxml::sheet

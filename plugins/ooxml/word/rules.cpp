// Word's rules, put together: which parts are read first, and which checks read along in which part.
#include "word/rules.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "drawing_rules.hpp"
#include "word/check.hpp"

namespace ooxml {

namespace word {

namespace {

using Maker = std::unique_ptr<Check> (*)(const Work&);

// Tells each check of the elements that it wants.
class PartReader : public Handler {
 public:
  PartReader(const Reading& reading, Facts& facts, const std::vector<Maker>& makers)
      : m_work{reading, facts, m_parents}, m_drawing(drawing_rules(reading)) {
    for (Maker make : makers) {
      std::unique_ptr<Check> check = make(m_work);
      for (Name name : check->wants()) want(name, m_checks.size());
      m_checks.push_back(std::move(check));
    }
  }

  void start(const Start& element) override {
    m_parents.open(element.name);
    if (m_drawing) m_drawing->start(element);
    each(element.name, [&](Check& check) { check.start(element); });
  }

  void text(std::string_view text) override {
    if (m_drawing) m_drawing->text(text);
  }

  void end(const Start& element) override {
    if (m_drawing) m_drawing->end(element);
    each(element.name, [&](Check& check) { check.end(element); });
    m_parents.close();
    if (element.depth != 1) return;
    for (const auto& check : m_checks) check->finish();
  }

 private:
  struct Wish {
    Name name;
    std::size_t check;
  };

  void want(Name name, std::size_t check) {
    if (name.local >= m_wishes.size()) m_wishes.resize(name.local + 1U);
    m_wishes[name.local].push_back({name, check});
  }

  template <class Call>
  void each(Name name, Call&& call) {
    if (name.local >= m_wishes.size()) return;
    for (const Wish& wish : m_wishes[name.local]) {
      if (wish.name == name) call(*m_checks[wish.check]);
    }
  }

  Parents m_parents;
  Work m_work;
  std::unique_ptr<Handler> m_drawing;
  std::vector<std::unique_ptr<Check>> m_checks;
  std::vector<std::vector<Wish>> m_wishes;  // by the local name
};

// What reads along in a part that is related to a document in this way.
struct Role {
  std::string_view type;
  int turn;  // parts of an earlier turn are read before; 9: whenever
  std::vector<Maker> checks;
};

const std::vector<Role>& roles() {
  static const std::vector<Maker> story = {unique_check, reference_check, relation_check, value_check,
                                           range_check,  field_check,     table_check,    place_check};
  static const std::vector<Maker> told = {unique_check, reference_check, relation_check, value_check,    range_check,
                                          field_check,  table_check,     place_check,    gathering_check};
  static const std::vector<Role> all = {
      {"styles", 1, {unique_check, value_check, style_check}},
      {"numbering", 2, {unique_check, relation_check, value_check, numbering_check, reference_check}},
      {"comments", 3, told},
      {"footnotes", 3, told},
      {"endnotes", 3, told},
      {"header", 9, story},
      {"footer", 9, story},
      {"officeDocument", 9, story},
      {"glossaryDocument", 9, story},
      {"settings", 9, {relation_check, reference_check, value_check}},
      {"fontTable", 9, {relation_check}},
      {"webSettings", 9, {unique_check, relation_check}},
      {"stylesWithEffects", 9, {unique_check, value_check}},
      {"commentsExtended", 9, {gathering_check}},
  };
  return all;
}

const Role* role(std::string_view type) {
  for (const Role& one : roles()) {
    if (one.type == type) return &one;
  }
  return nullptr;
}

class WordRules : public Domain {
 public:
  std::vector<const Part*> first(const Package& package) override {
    const Part* main = package.main();
    if (main == nullptr) return {};
    enter(package, *main, "officeDocument");
    if (const Relationship* blocks = main->relation_of("glossaryDocument")) {
      const Part* glossary = blocks->external ? nullptr : package.part(blocks->target);
      if (glossary != nullptr && glossary != main) enter(package, *glossary, "glossaryDocument");
    }
    std::vector<std::pair<int, const Part*>> early;
    for (const auto& [part, place] : m_places) {
      if (place.role->turn < 9) early.emplace_back(place.role->turn, part);
    }
    std::sort(early.begin(), early.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : a.second->name < b.second->name;
    });
    std::vector<const Part*> parts;
    for (const auto& one : early) parts.push_back(one.second);
    return parts;
  }

  std::unique_ptr<Handler> reader(const Reading& reading) override {
    if (reading.package.kind() != Kind::word) return nullptr;
    auto found = m_places.find(&reading.part);
    if (found == m_places.end()) return drawing_rules(reading);
    return std::make_unique<PartReader>(reading, *found->second.facts, found->second.role->checks);
  }

  void finish(const Package&, Findings& findings) override {
    for (const auto& facts : m_facts) unmeant_comments(*facts, findings);
  }

 private:
  struct Place {
    const Role* role;
    Facts* facts;
  };

  // A document and the parts that belong to it.
  void enter(const Package& package, const Part& document, std::string_view type) {
    m_facts.push_back(std::make_unique<Facts>());
    Facts& facts = *m_facts.back();
    facts.owner = &document;
    m_places.try_emplace(&document, Place{role(type), &facts});
    for (const Relationship& relation : document.relations) {
      const Role* found = relation.external || relation.type == "glossaryDocument" ? nullptr : role(relation.type);
      const Part* part = found == nullptr ? nullptr : package.part(relation.target);
      if (part != nullptr) m_places.try_emplace(part, Place{found, &facts});
    }
  }

  static void unmeant_comments(const Facts& facts, Findings& findings) {
    if (facts.comments_meant.full()) return;
    std::size_t count = 0;
    for (const std::string& id : facts.comments.all()) count += facts.comments_meant.has(id) ? 0 : 1;
    if (count == 0) return;
    Finding finding;
    finding.severity = Severity::hint;
    finding.layer = Layer::rule;
    finding.code = "comment-without-place";
    finding.part = facts.owner->name;
    finding.message = std::to_string(count) + " comments are referred to nowhere in the text; Word does not show them.";
    finding.remedy = "Refer to each comment by w:commentReference, or remove it.";
    findings.add(std::move(finding));
  }

  std::vector<std::unique_ptr<Facts>> m_facts;
  std::unordered_map<const Part*, Place> m_places;
};

}  // namespace

}  // namespace word

std::unique_ptr<Domain> word_rules() { return std::make_unique<word::WordRules>(); }

}  // namespace ooxml

// The part of the numberings: lists, their levels, and what they name.
#include <algorithm>

#include "names.hpp"
#include "word/check.hpp"
#include "word/numbers.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;

constexpr std::int64_t last_level = 8;

// What is named before it may be there.
struct NamedList {
  std::string id, path;
  std::size_t line = 0;
};

class NumberingCheck : public Check {
 public:
  explicit NumberingCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override {
    return {w::numbering,   w::abstractNum,    w::num,         w::abstractNumId, w::lvl,
            w::lvlOverride, w::lvlPicBulletId, w::numPicBullet};
  }

  void start(const Start& element) override {
    switch (key(element.name)) {
      case key(w::numbering): m_work.facts.has_numbering = true; return;
      case key(w::numPicBullet): m_work.facts.bullets.add(plain_number(element.value(w::numPicBulletId))); return;
      case key(w::abstractNum):
        m_work.facts.abstract_numbers.add(plain_number(element.value(w::abstractNumId)));
        m_levels.clear();
        return;
      case key(w::num): return number(element);
      case key(w::abstractNumId): return remember(m_abstracts, element);
      case key(w::lvlPicBulletId): return remember(m_bullets, element);
      case key(w::lvl):
      case key(w::lvlOverride): return level(element);
      default: return;
    }
  }

  void finish() override {
    for (const NamedList& named : m_abstracts) {
      if (m_work.facts.abstract_numbers.has(named.id)) continue;
      m_work.mind_at(named.path, named.line, Severity::repaired, "missing-abstract-numbering",
                     "There is no w:abstractNum " + named.id + "; the numbering has no levels.",
                     "Add w:abstractNum with this id, or name one that is there.");
    }
    for (const NamedList& named : m_bullets) {
      if (m_work.facts.bullets.has(named.id)) continue;
      m_work.mind_at(named.path, named.line, Severity::hint, "missing-picture-bullet",
                     "There is no picture " + named.id + " for the bullet.",
                     "Add w:numPicBullet with this id, or remove w:lvlPicBulletId.");
    }
  }

 private:
  void number(const Start& element) {
    m_levels.clear();
    std::string_view id = element.value(w::numId);
    if (id.data() == nullptr || m_work.facts.numbers.add(plain_number(id))) return;
    m_work.mind(Severity::repaired, "duplicate-numbering", "There is more than one numbering " + std::string(id) + ".",
                "w:numId", "", "Give each w:num an id of its own.");
  }

  void remember(std::vector<NamedList>& named, const Start& element) {
    std::string_view id = element.value(w::val);
    if (id.data() == nullptr || named.size() >= most_ids || id.size() > longest_id) return;
    named.push_back({plain_number(id), m_work.reading.findings.full() ? "" : m_work.reading.position.path(),
                     m_work.reading.position.line()});
  }

  void level(const Start& element) {
    if (element.name == w::lvl && m_work.parents.up(1) != w::abstractNum) return;
    std::string_view written = element.value(w::ilvl);
    std::optional<std::int64_t> level = written.data() == nullptr ? std::nullopt : number_of(written);
    if (!level) return;
    if (*level < 0 || *level > last_level) {
      m_work.mind(Severity::repaired, "level-out-of-range", "A list has the levels 0 to 8, and no other.", "w:ilvl",
                  "0 to 8", "Use one of the nine levels.");
    } else if (std::find(m_levels.begin(), m_levels.end(), *level) != m_levels.end()) {
      m_work.mind(Severity::repaired, "duplicate-level",
                  "The level " + std::to_string(*level) + " is there more than once.", "w:ilvl", "",
                  "Keep one of each level.");
    } else {
      m_levels.push_back(*level);
    }
  }

  Work m_work;
  std::vector<std::int64_t> m_levels;
  std::vector<NamedList> m_abstracts, m_bullets;
};

}  // namespace

std::unique_ptr<Check> numbering_check(const Work& work) { return std::make_unique<NumberingCheck>(work); }

}  // namespace ooxml::word

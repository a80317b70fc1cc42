// Ranges: what begins must end: bookmarks, comments, permissions, moves.
#include <iterator>
#include <map>

#include "names.hpp"
#include "word/check.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;

struct RangeKind {
  Name begin, end;
  const char* what;
  Severity open;  // begun and not ended
};

constexpr RangeKind range_kinds[] = {
    {w::bookmarkStart, w::bookmarkEnd, "bookmark", Severity::repaired},
    {w::commentRangeStart, w::commentRangeEnd, "comment's range", Severity::hint},
    {w::permStart, w::permEnd, "permission's range", Severity::repaired},
    {w::moveFromRangeStart, w::moveFromRangeEnd, "range that was moved", Severity::repaired},
    {w::moveToRangeStart, w::moveToRangeEnd, "range that was moved here", Severity::repaired},
};
constexpr std::size_t range_kinds_count = std::size(range_kinds);

struct Begun {
  std::string path;
  std::size_t line = 0;
};

class RangeCheck : public Check {
 public:
  explicit RangeCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override {
    std::vector<Name> names;
    for (const RangeKind& kind : range_kinds) {
      names.push_back(kind.begin);
      names.push_back(kind.end);
    }
    return names;
  }

  void start(const Start& element) override {
    for (std::size_t i = 0; i < range_kinds_count; ++i) {
      if (element.name == range_kinds[i].begin) return begin(i, element);
      if (element.name == range_kinds[i].end) return end_of(i, element);
    }
  }

  void finish() override {
    for (std::size_t i = 0; i < range_kinds_count; ++i) {
      for (const auto& [id, begun] : m_open[i]) {
        m_work.mind_at(begun.path, begun.line, range_kinds[i].open, "range-without-end",
                       std::string("A ") + range_kinds[i].what + " \"" + id + "\" begins and does not end.",
                       "Add its end, or remove its begin.");
      }
    }
  }

 private:
  void begin(std::size_t kind, const Start& element) {
    if (range_kinds[kind].begin == w::bookmarkStart) bookmark(element);
    std::string_view id = element.value(w::id);
    if (id.data() == nullptr || m_open[kind].size() >= most_ids || id.size() > longest_id) return;
    bool room = !m_work.reading.findings.full();
    m_open[kind].emplace(plain_number(id),
                         Begun{room ? m_work.reading.position.path() : "", m_work.reading.position.line()});
  }

  void end_of(std::size_t kind, const Start& element) {
    std::string_view id = element.value(w::id);
    if (id.data() == nullptr || m_open[kind].size() >= most_ids || id.size() > longest_id) return;
    if (m_open[kind].erase(plain_number(id)) != 0) return;
    m_work.mind(Severity::hint, "range-without-begin",
                std::string("A ") + range_kinds[kind].what + " \"" + std::string(id) + "\" ends and never began.",
                "w:id", "", "Remove the end, or add the begin before it.");
  }

  void bookmark(const Start& element) {
    std::string_view name = element.value(w::name);
    if (name.data() == nullptr) return;
    std::string same;
    for (char c : name.substr(0, longest_id)) same += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    if (m_work.facts.bookmarks.add(same)) return;
    m_work.mind(
        Severity::repaired, "duplicate-bookmark",
        "There is more than one bookmark \"" + std::string(name.substr(0, longest_id)) + "\"; Word keeps the first.",
        "w:name", "", "Give each bookmark a name of its own.");
  }

  Work m_work;
  std::map<std::string, Begun> m_open[range_kinds_count];
};

}  // namespace

std::unique_ptr<Check> range_check(const Work& work) { return std::make_unique<RangeCheck>(work); }

}  // namespace ooxml::word

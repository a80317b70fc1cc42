// Ids that may be there once. Revisions count by what they are of: an insertion of runs and one of a paragraph's mark
// may share an id, two insertions of runs may not.
#include <unordered_map>

#include "names.hpp"
#include "word/check.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;
namespace v = names::v;
namespace wp = names::wp;

// An element whose attribute is unique in its part.
struct Unique {
  Name element, attribute;
  Severity severity;
  bool number = false;  // "01" is "1"
};

constexpr Unique uniques[] = {
    {w::comment, w::id, Severity::schema},
    {w::footnote, w::id, Severity::refused, true},
    {w::endnote, w::id, Severity::refused, true},
    {w::abstractNum, w::abstractNumId, Severity::schema, true},
    {w::numPicBullet, w::numPicBulletId, Severity::schema, true},
    {w::style, w::styleId, Severity::schema},
    {w::div, w::id, Severity::schema},
    {w::guid, w::val, Severity::schema},
    {wp::docPr, names::none::id, Severity::schema, true},
    {v::shape, names::none::id, Severity::schema},
    {v::shapetype, names::none::id, Severity::schema},
    {v::rect, names::none::id, Severity::schema},
    {v::roundrect, names::none::id, Severity::schema},
    {v::oval, names::none::id, Severity::schema},
    {v::group, names::none::id, Severity::schema},
    {v::image, names::none::id, Severity::schema},
    {v::arc, names::none::id, Severity::schema},
    {v::curve, names::none::id, Severity::schema},
    {w::bookmarkStart, w::id, Severity::schema},
    {w::bookmarkEnd, w::id, Severity::schema},
    {w::commentRangeStart, w::id, Severity::schema},
    {w::commentRangeEnd, w::id, Severity::schema},
    {w::permStart, w::id, Severity::schema, true},
    {w::permEnd, w::id, Severity::schema, true},
    {w::moveFromRangeStart, w::id, Severity::schema},
    {w::moveFromRangeEnd, w::id, Severity::schema},
    {w::moveToRangeStart, w::id, Severity::schema},
    {w::moveToRangeEnd, w::id, Severity::schema},
    {w::customXmlInsRangeStart, w::id, Severity::schema},
    {w::customXmlInsRangeEnd, w::id, Severity::schema},
    {w::customXmlDelRangeStart, w::id, Severity::schema},
    {w::customXmlDelRangeEnd, w::id, Severity::schema},
    {w::customXmlMoveFromRangeStart, w::id, Severity::schema},
    {w::customXmlMoveFromRangeEnd, w::id, Severity::schema},
    {w::customXmlMoveToRangeStart, w::id, Severity::schema},
    {w::ins, w::id, Severity::schema},
    {w::del, w::id, Severity::schema},
    {w::moveFrom, w::id, Severity::schema},
    {w::moveTo, w::id, Severity::schema},
    {w::cellIns, w::id, Severity::schema},
    {w::cellDel, w::id, Severity::schema},
    {w::cellMerge, w::id, Severity::schema},
    {w::numberingChange, w::id, Severity::schema},
    {w::rPrChange, w::id, Severity::schema},
    {w::pPrChange, w::id, Severity::schema},
    {w::sectPrChange, w::id, Severity::schema},
    {w::tblPrChange, w::id, Severity::schema},
    {w::tblPrExChange, w::id, Severity::schema},
    {w::tblGridChange, w::id, Severity::schema},
    {w::trPrChange, w::id, Severity::schema},
    {w::tcPrChange, w::id, Severity::schema},
};

class UniqueCheck : public Check {
 public:
  explicit UniqueCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override {
    std::vector<Name> names;
    for (const Unique& one : uniques) names.push_back(one.element);
    return names;
  }

  void start(const Start& element) override {
    for (const Unique& one : uniques) {
      if (one.element == element.name) return look(one, element);
    }
  }

 private:
  // What a revision is of: the parent tells.
  std::uint64_t kind(Name element) const {
    Name parent = m_work.parents.up(1);
    switch (key(element)) {
      case key(w::ins):
      case key(w::del):
      case key(w::moveFrom):
      case key(w::moveTo):
        if (parent == w::rPr || parent == w::trPr || parent == w::numPr) return 1;
        return parent == names::m::ctrlPr ? 2 : 0;
      case key(w::rPrChange): return m_work.parents.up(2) == w::pPr ? 1 : 0;
      default: return 0;
    }
  }

  void look(const Unique& unique, const Start& element) {
    std::string_view value = element.value(unique.attribute);
    if (value.data() == nullptr) return;
    std::string id = unique.number ? plain_number(value) : std::string(value.substr(0, longest_id));
    if (m_ids[kind(element.name) << 32 | key(element.name)].add(id)) return;
    m_work.object(unique.severity, "duplicate-id",
                  "The id \"" + std::string(value.substr(0, longest_id)) + "\" is there more than once.",
                  std::string(unique.attribute.space == 0 ? "" : "w:") + attribute(unique), "",
                  "Give it a value that no other element of its kind has.");
  }

  static std::string attribute(const Unique& unique) {
    if (unique.attribute == w::abstractNumId) return "abstractNumId";
    if (unique.attribute == w::numPicBulletId) return "numPicBulletId";
    if (unique.attribute == w::styleId) return "styleId";
    return unique.attribute == w::val ? "val" : "id";
  }

  Work m_work;
  std::unordered_map<std::uint64_t, Ids> m_ids;
};

}  // namespace

std::unique_ptr<Check> unique_check(const Work& work) { return std::make_unique<UniqueCheck>(work); }

}  // namespace ooxml::word

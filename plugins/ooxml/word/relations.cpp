// Relationships: each must be of the type that its place asks for. That it is there at all, the grammar sees.
#include "names.hpp"
#include "word/check.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;

struct Wanted {
  Name element;
  const char* type;
  Severity severity;
};

constexpr Wanted wanted[] = {
    {w::headerReference, "header", Severity::refused},
    {w::footerReference, "footer", Severity::refused},
    {w::altChunk, "aFChunk", Severity::schema},
    {w::subDoc, "subDocument", Severity::schema},
    {w::printerSettings, "printerSettings", Severity::schema},
    {w::attachedTemplate, "attachedTemplate", Severity::schema},
    {w::saveThroughXslt, "transform", Severity::schema},
    {w::dataSource, "mailMergeSource", Severity::schema},
    {w::headerSource, "mailMergeHeaderSource", Severity::schema},
    {w::src, "mailMergeSource", Severity::schema},
    {w::embedRegular, "font", Severity::schema},
    {w::embedBold, "font", Severity::schema},
    {w::embedItalic, "font", Severity::schema},
    {w::embedBoldItalic, "font", Severity::schema},
    {w::sourceFileName, "frame", Severity::schema},
};

class RelationCheck : public Check {
 public:
  explicit RelationCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override {
    std::vector<Name> names;
    for (const Wanted& one : wanted) names.push_back(one.element);
    return names;
  }

  void start(const Start& element) override {
    for (const Wanted& one : wanted) {
      if (one.element == element.name) return look(one, element);
    }
  }

 private:
  void look(const Wanted& want, const Start& element) {
    std::string_view id = element.value(names::r::id);
    const Relationship* relation = id.empty() ? nullptr : m_work.reading.part.relation(id);
    if (relation == nullptr) {
      if (id.data() != nullptr && id.empty() && want.severity == Severity::refused) {
        m_work.mind(Severity::refused, "missing-relationship", "A reference names no relationship.", "r:id", want.type,
                    "Name the relationship of the part that is meant.");
      }
      return;
    }
    if (relation->type == want.type) return;
    m_work.object(want.severity, "wrong-relationship-type",
                  "The relationship \"" + std::string(id) + "\" is of the type \"" + relation->type + "\".", "r:id",
                  want.type, "Name a relationship of the type that is expected.");
  }

  Work m_work;
};

}  // namespace

std::unique_ptr<Check> relation_check(const Work& work) { return std::make_unique<RelationCheck>(work); }

}  // namespace ooxml::word

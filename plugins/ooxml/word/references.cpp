// References inside of a document: to comments and notes, to styles, to numberings.
#include "names.hpp"
#include "word/check.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;

class ReferenceCheck : public Check {
 public:
  explicit ReferenceCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override {
    return {w::commentRangeStart,
            w::commentRangeEnd,
            w::commentReference,
            w::footnoteReference,
            w::endnoteReference,
            w::footnote,
            w::endnote,
            w::pStyle,
            w::rStyle,
            w::tblStyle,
            w::numId,
            w::hyperlink};
  }

  void start(const Start& element) override {
    switch (key(element.name)) {
      case key(w::commentReference): m_work.facts.comments_meant.add(element.value(w::id)); [[fallthrough]];
      case key(w::commentRangeStart):
      case key(w::commentRangeEnd): return comment(element);
      case key(w::footnoteReference): return note(element, m_work.facts.footnotes, "footnote");
      case key(w::endnoteReference): return end_note(element);
      case key(w::footnote):
        if (m_work.parents.up(1) == w::footnotePr) note(element, m_work.facts.footnotes, "footnote");
        return;
      case key(w::endnote):
        if (m_work.parents.up(1) == w::endnotePr) note(element, m_work.facts.endnotes, "endnote");
        return;
      case key(w::pStyle): return style(element, "paragraph");
      case key(w::rStyle): return style(element, "character");
      case key(w::tblStyle): return style(element, "table");
      case key(w::numId): return numbering(element);
      default: return;
    }
  }

 private:
  void comment(const Start& element) const {
    std::string_view id = element.value(w::id);
    if (id.data() == nullptr || m_work.facts.comments.has(id)) return;
    m_work.object(Severity::schema, "missing-comment", "There is no comment \"" + std::string(id) + "\".", "w:id", "",
                  "Add the comment to the comments' part, or remove its marks from the text.");
  }

  void note(const Start& element, const Ids& notes, const std::string& what) const {
    std::string_view id = element.value(w::id);
    if (id.data() == nullptr || notes.has(id)) return;
    m_work.object(Severity::refused, "missing-" + what, "There is no " + what + " \"" + std::string(id) + "\".", "w:id",
                  "", "Add the " + what + " to its part, or remove what refers to it.");
  }

  // The judge does not look for endnotes; Word does.
  void end_note(const Start& element) const {
    std::string_view id = element.value(w::id);
    if (id.data() == nullptr || m_work.facts.endnotes.has(id)) return;
    m_work.mind(Severity::refused, "missing-endnote", "There is no endnote \"" + std::string(id) + "\".", "w:id", "",
                "Add the endnote to its part, or remove what refers to it.");
  }

  void style(const Start& element, const std::string& type) const {
    std::string_view id = element.value(w::val);
    if (id.data() == nullptr || id.empty() || m_work.facts.styles.size() >= most_ids) return;
    auto found = m_work.facts.styles.find(std::string(id));
    if (found == m_work.facts.styles.end()) {
      return m_work.mind(Severity::repaired, "undefined-style",
                         "The style \"" + std::string(id) + "\" is not defined; Word takes the usual one instead.",
                         "w:val", "", "Define the style in the styles' part, or name one that is there.");
    }
    if (found->second.type == type) return;
    m_work.mind(Severity::repaired, "wrong-style-type",
                "The style \"" + std::string(id) + "\" is not of the type " + type + "; Word ignores it here.", "w:val",
                type, "Name a style of the right type.");
  }

  void numbering(const Start& element) const {
    if (m_work.parents.up(1) != w::numPr) return;
    std::string_view written = element.value(w::val);
    if (written.data() == nullptr) return;
    std::string id = plain_number(written);
    if (id == "0" || m_work.facts.numbers.has(id)) return;
    m_work.mind(Severity::repaired, "undefined-numbering",
                "There is no numbering " + id + "; the paragraph has no number.", "w:val", "",
                "Add w:num with this id to the numberings' part, or remove w:numPr.");
  }

  Work m_work;
};

}  // namespace

std::unique_ptr<Check> reference_check(const Work& work) { return std::make_unique<ReferenceCheck>(work); }

}  // namespace ooxml::word

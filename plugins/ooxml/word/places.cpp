// Places: what may not stand inside of what, though each of both may stand there by itself.
#include <algorithm>

#include "names.hpp"
#include "word/check.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;
namespace w14 = names::w14;

class PlaceCheck : public Check {
 public:
  explicit PlaceCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override {
    return {w::t,
            w::delText,
            w::footnoteReference,
            w::endnoteReference,
            w::commentReference,
            w::txbxContent,
            w::headerReference,
            w::footerReference,
            w::sectPr,
            w::hdr,
            w::ftr,
            w::footnotes,
            w::endnotes,
            w::comments,
            w::sdtPr,
            w::id,
            w::p,
            w::tr,
            w::body};
  }

  void start(const Start& element) override {
    switch (key(element.name)) {
      case key(w::t): return text(true);
      case key(w::delText): return text(false);
      case key(w::footnoteReference):
      case key(w::endnoteReference): return note(element);
      case key(w::commentReference): return comment();
      case key(w::txbxContent): return box();
      case key(w::sectPr): m_headers.clear(); return;
      case key(w::headerReference):
      case key(w::footerReference): return header(element);
      case key(w::id): return control(element);
      case key(w::p):
      case key(w::tr): return paragraph(element);
      default:
        if (element.depth == 1) m_root = element.name;
        return;
    }
  }

  void end(const Start& element) override {
    if (element.name == w::sectPr && m_work.parents.up(1) == w::body) m_section = true;
    if (element.name == w::body && !m_section) {
      m_work.mind(Severity::hint, "no-section", "The document's body does not end with w:sectPr.", "w:body", "w:sectPr",
                  "Add w:sectPr with the size and the margins of the page.");
    }
  }

 private:
  // Whether the run that is open was deleted: between it and its paragraph.
  bool deleted() const {
    for (std::size_t i = 1;; ++i) {
      Name name = m_work.parents.up(i);
      if (name == w::del) return true;
      if (name == Name{} || name == w::p || name == w::txbxContent) return false;
    }
  }

  void text(bool living) const {
    if (deleted() != living) return;
    if (living) {
      m_work.mind(Severity::repaired, "text-in-deletion", "Deleted text stands in w:t.", "w:t", "w:delText",
                  "Inside of w:del, write the text as w:delText.");
    } else {
      m_work.mind(Severity::repaired, "deleted-text-outside", "w:delText stands outside of a deletion.", "w:delText",
                  "w:t", "Write the text as w:t, or put its run into w:del.");
    }
  }

  void note(const Start& element) const {
    if (m_root != w::hdr && m_root != w::ftr && m_root != w::footnotes && m_root != w::endnotes &&
        m_root != w::comments) {
      return;
    }
    m_work.mind(Severity::refused, "note-in-wrong-place",
                std::string("A reference to a ") + (element.name == w::footnoteReference ? "footnote" : "endnote") +
                    " stands outside of the body.",
                "", "", "Notes may be referred to in the document's body alone.");
  }

  void comment() const {
    if (m_root != w::hdr && m_root != w::ftr) return;
    m_work.mind(Severity::repaired, "comment-in-wrong-place", "A comment stands in a header or footer.", "", "",
                "Word has no comments there; remove the reference.");
  }

  void box() const {
    if (!m_work.parents.inside(w::txbxContent)) return;
    m_work.mind(Severity::refused, "box-in-box", "A text box stands inside of a text box.", "w:txbxContent", "",
                "Word cannot nest text boxes; move the inner one out.");
  }

  void header(const Start& element) {
    std::string what = element.name == w::headerReference ? "header " : "footer ";
    what += element.value(w::type);
    if (std::find(m_headers.begin(), m_headers.end(), what) == m_headers.end()) return m_headers.push_back(what);
    m_work.mind(Severity::repaired, "duplicate-header",
                "A section has more than one " + what.substr(0, 6) + " of the type \"" + what.substr(7) + "\".",
                "w:type", "", "Keep one of each type.");
  }

  void control(const Start& element) {
    std::string_view id = element.value(w::val);
    if (m_work.parents.up(1) != w::sdtPr || id.data() == nullptr || m_controls.add(id)) return;
    m_work.mind(Severity::hint, "duplicate-control-id",
                "The id " + std::string(id.substr(0, longest_id)) + " is there in more than one content control.",
                "w:val", "", "Give each control an id of its own.");
  }

  void paragraph(const Start& element) {
    std::string_view id = element.value(w14::paraId);
    if (id.data() == nullptr || m_paragraphs.add(id)) return;
    m_work.mind(Severity::hint, "duplicate-paragraph-id",
                "The paragraph id " + std::string(id.substr(0, longest_id)) + " is there more than once.", "w14:paraId",
                "", "Give each paragraph an id of its own, or none.");
  }

  Work m_work;
  Name m_root{};
  bool m_section = false;
  std::vector<std::string> m_headers;
  Ids m_controls, m_paragraphs;
};

}  // namespace

std::unique_ptr<Check> place_check(const Work& work) { return std::make_unique<PlaceCheck>(work); }

}  // namespace ooxml::word

// The comments and notes that are there, for those who refer to them; and what is told of comments in parts of its own.
#include "names.hpp"
#include "word/check.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;
namespace w15 = names::w15;

class GatheringCheck : public Check {
 public:
  explicit GatheringCheck(const Work& work) : m_work(work) {}

  std::vector<Name> wants() const override { return {w::comment, w::footnote, w::endnote, w::p, w15::commentEx}; }

  void start(const Start& element) override {
    if (element.name == w15::commentEx) return told(element);
    if (element.name == w::p) {
      if (!m_in_comment) return;
      std::string id = upper(element.value(names::w14::paraId));
      if (!id.empty()) m_work.facts.comment_paragraphs.add(id);
      return;
    }
    std::string_view id = element.value(w::id);
    if (element.name == w::comment) m_in_comment = true;
    if (id.data() == nullptr || m_work.parents.up(2) != Name{}) return;
    Ids& ids = element.name == w::comment    ? m_work.facts.comments
               : element.name == w::footnote ? m_work.facts.footnotes
                                             : m_work.facts.endnotes;
    ids.add(id);
  }

  void end(const Start& element) override {
    if (element.name == w::comment) m_in_comment = false;
  }

 private:
  static std::string upper(std::string_view text) {
    std::string made;
    for (char c : text.substr(0, longest_id)) made += static_cast<char>(c >= 'a' && c <= 'f' ? c - ('a' - 'A') : c);
    return made;
  }

  void told(const Start& element) const {
    if (m_work.facts.comment_paragraphs.empty()) return;
    for (Name name : {w15::paraId, w15::paraIdParent}) {
      std::string id = upper(element.value(name));
      if (id.empty() || m_work.facts.comment_paragraphs.has(id)) continue;
      m_work.mind(Severity::hint, "missing-comment", "No comment has a paragraph " + id + ".",
                  name == w15::paraId ? "w15:paraId" : "w15:paraIdParent", "",
                  "Remove it, or name the last paragraph of a comment.");
    }
  }

  Work m_work;
  bool m_in_comment = false;
};

}  // namespace

std::unique_ptr<Check> gathering_check(const Work& work) { return std::make_unique<GatheringCheck>(work); }

}  // namespace ooxml::word

// Fields: each that begins has an end, and its parts come in order.
#include "names.hpp"
#include "word/check.hpp"

namespace ooxml::word {

namespace {

namespace w = names::w;

// Fields inside of fields that are followed.
constexpr std::size_t most_open_fields = 256;

struct Field {
  std::string path;
  std::size_t line = 0;
  bool separated = false;
};

class FieldCheck : public Check {
 public:
  explicit FieldCheck(const Work& work) : m_work(work) {}

  // A text of its own has fields of its own: a note, a comment, a text box.
  std::vector<Name> wants() const override {
    return {w::fldChar, w::instrText, w::delInstrText, w::footnote, w::endnote, w::comment, w::txbxContent};
  }

  void start(const Start& element) override {
    if (element.name == w::fldChar) {
      character(element);
    } else if (element.name == w::instrText || element.name == w::delInstrText) {
      if (!m_texts.back().empty() && !m_texts.back().back().separated) return;
      m_work.mind(Severity::repaired, "code-outside-field", "The code of a field stands outside of its field.", "", "",
                  "Put it between the field's w:fldChar \"begin\" and \"separate\".");
    } else if (m_texts.size() < most_open_fields) {
      m_texts.emplace_back();
    }
  }

  void end(const Start& element) override {
    if (element.name == w::fldChar || element.name == w::instrText || element.name == w::delInstrText) return;
    if (m_texts.size() > 1) close();
  }

  void finish() override { close(); }

 private:
  void character(const Start& element) {
    std::string_view type = element.value(w::fldCharType);
    std::vector<Field>& open = m_texts.back();
    if (type == "begin") {
      if (open.size() < most_open_fields) {
        bool room = !m_work.reading.findings.full();
        open.push_back({room ? m_work.reading.position.path() : "", m_work.reading.position.line()});
      }
    } else if (type == "separate") {
      if (open.empty()) return stray("separate");
      if (open.back().separated) return stray("separate");
      open.back().separated = true;
    } else if (type == "end") {
      if (open.empty()) return stray("end");
      open.pop_back();
    }
  }

  void stray(const char* type) const {
    m_work.mind(Severity::repaired, "unbalanced-field",
                std::string("A field's \"") + type + "\" belongs to no field that has begun.", "w:fldChar", "",
                "Remove it, or add the field's \"begin\".");
  }

  void close() {
    for (const Field& field : m_texts.back()) {
      m_work.mind_at(field.path, field.line, Severity::repaired, "unbalanced-field", "A field that begins has no end.",
                     "Add w:fldChar with the type \"end\".");
    }
    m_texts.pop_back();
    if (m_texts.empty()) m_texts.emplace_back();
  }

  Work m_work;
  std::vector<std::vector<Field>> m_texts{1};
};

}  // namespace

std::unique_ptr<Check> field_check(const Work& work) { return std::make_unique<FieldCheck>(work); }

}  // namespace ooxml::word

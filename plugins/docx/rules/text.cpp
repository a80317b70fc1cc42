// Text: fonts for Chinese, Japanese and Korean, headings in their order, empty paragraphs.
#include <utility>

#include "read/keys.hpp"
#include "rules/rule.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Start;

namespace {

// Whether there is a character that Word takes the east-Asian font for: kana, hangul, ideographs, full-width forms.
bool has_cjk(std::string_view text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0xE3) continue;
    const auto second = static_cast<unsigned char>(text[i + 1]), third = static_cast<unsigned char>(text[i + 2]);
    const unsigned code = ((first & 0x0Fu) << 12) | ((second & 0x3Fu) << 6) | (third & 0x3Fu);
    if (first >= 0xF0) {
      if (first == 0xF0 && (second == 0xA0 || second == 0xA1 || second == 0xA2 || second == 0xA3 || second == 0xAA ||
                            second == 0xAB || second == 0xAC || second == 0xAD || second == 0xAE || second == 0xAF))
        return true;  // the supplementary ideographic plane
    } else if ((code >= 0x3040 && code <= 0x9FFF) || (code >= 0xAC00 && code <= 0xD7AF) ||
               (code >= 0xF900 && code <= 0xFAFF) || (code >= 0xFF00 && code <= 0xFFEF)) {
      return true;
    }
  }
  return false;
}

class Fonts : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open& open) override {
    switch (key(element.name)) {
      case key(n::w::p):
        m_paragraph.clear();
        m_told = false;
        break;
      case key(n::w::pStyle): m_paragraph = element.value(n::w::val); break;
      case key(n::w::tblStyle): m_table = element.value(n::w::val); break;
      case key(n::w::r):
        m_run.clear();
        m_own = false;
        break;
      case key(n::w::rStyle): m_run = element.value(n::w::val); break;
      case key(n::w::rFonts):
        if (outer(open, 2) == key(n::w::r))
          m_own = !element.value(n::w::eastAsia).empty() || !element.value(n::w::eastAsiaTheme).empty();
        break;
      default: break;
    }
  }

  void text(std::string_view text, const Open& open) override {
    if (m_told || open.empty() || open.back() != key(n::w::t) || m_own || !has_cjk(text)) return;
    const auto& styles = m_scene.library.styles;
    if (styles.east_asian(m_paragraph) || (!m_run.empty() && styles.east_asian(m_run)) ||
        (!m_table.empty() && styles.east_asian(m_table)))
      return;
    m_told = true;  // once a paragraph
    if (++m_all > 50) return;
    m_scene.ruler.find(
        "cjk-font", m_reading,
        {"there is Chinese, Japanese or Korean text, and no east-Asian font for it", "w:rFonts",
         "w:eastAsia or w:eastAsiaTheme", "say w:rFonts w:eastAsia in the document's defaults, the style, or the run"});
  }

 private:
  std::string m_paragraph, m_run, m_table;
  bool m_own = false, m_told = false;
  std::size_t m_all = 0;
};

class Headings : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open& open) override {
    const auto name = key(element.name);
    if (name == key(n::w::p)) {
      m_level = 0;
      m_told = false;
    } else if (outer(open) == key(n::w::pPr) && name == key(n::w::pStyle)) {
      m_level = m_scene.library.styles.heading(element.value(n::w::val));
    } else if (outer(open) == key(n::w::pPr) && name == key(n::w::outlineLvl)) {
      const long level = number(element.value(n::w::val), 9);
      m_level = level >= 0 && level < 9 ? static_cast<int>(level) + 1 : 0;
    }
  }
  void text(std::string_view, const Open& open) override {
    if (m_level == 0 || m_told || open.empty() || open.back() != key(n::w::t)) return;
    m_told = true;
    if (m_level > m_last + 1)
      m_scene.ruler.find("heading-levels", m_reading,
                         {"a heading of level " + std::to_string(m_level) + " follows " +
                              (m_last == 0 ? "no heading" : "one of level " + std::to_string(m_last)),
                          "w:pStyle", "level " + std::to_string(m_last + 1), "do not skip a level"});
    m_last = m_level;
  }

 private:
  int m_level = 0, m_last = 0;
  bool m_told = false;
};

// One empty paragraph may be meant; two that follow each other are spacing.
class Empty : public Check {
 public:
  using Check::Check;

  void start(const Start& element, const Open& open) override {
    const auto name = key(element.name);
    if (name == key(n::w::p)) {
      m_content = false;
      return;
    }
    const auto parent = outer(open);
    if (name == key(n::w::sectPr) || name == key(n::w::tbl)) m_content = true, m_run = 0;
    if (parent == key(n::w::r) && name != key(n::w::rPr)) m_content = true;
    if (element.name.space == n::m::t.space) m_content = true;
  }
  void end(const Start& element, const Open& open) override {
    if (key(element.name) != key(n::w::p)) return;
    m_run = m_content || outer(open) != key(n::w::body) ? 0 : m_run + 1;
    m_content = true;  // what a paragraph lies in is not empty
    if (m_run != 2 || ++m_told > 20) return;
    m_scene.ruler.find("empty-paragraphs", m_reading,
                       {"several empty paragraphs follow each other", "w:p", "",
                        "say w:spacing before or after in the paragraph's style, or a page break"});
  }

 private:
  bool m_content = false;
  std::size_t m_run = 0, m_told = 0;
};

}  // namespace

void add_text_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading) {
  if (scene.ruler.on("cjk-font")) checks.push_back(std::make_unique<Fonts>(scene, reading));
  if (role_of(reading.package, reading.part) != Role::document) return;
  checks.push_back(std::make_unique<Headings>(scene, reading));
  checks.push_back(std::make_unique<Empty>(scene, reading));
}

}  // namespace docx
